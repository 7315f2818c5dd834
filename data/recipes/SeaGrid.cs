using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace GeoHarm.Recipes;

/// <summary>Which ocean a sea cell belongs to, the continents of the Americas and the meridian of Cape Horn between them.</summary>
internal enum Basin : byte
{
    Land,
    Pacific,
    Atlantic,
    /// <summary>Lakes and seas without way to an ocean.</summary>
    Inland,
}

/// <summary>
/// The sea of the study in cells of 0.1 degree, from the land of world-atlas 50m. Distances follow water cells, so no boat crosses land; the two
/// oceans are told apart by flooding each from a point, with a wall at Cape Horn: what reaches the other ocean passes a sea lane (the canal).
/// </summary>
internal sealed class SeaGrid
{
    public const double Step = 0.1;
    private const double West = -130, South = -57, East = 36, North = 66;

    /// <summary>Meridian and latitude of the wall from Tierra del Fuego to the edge of the grid.</summary>
    private const double WallLongitude = -69, WallLatitude = -52;

    private static readonly Coordinate InPacific = new(-95, 0), InAtlantic = new(-40, 25);
    private static readonly (int Dx, int Dy)[] Steps = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)];
    private readonly Basin[] basins;
    private readonly double[][] stepKm;

    public SeaGrid(IEnumerable<Geometry> land)
    {
        Columns = (int)Math.Round((East - West) / Step);
        Rows = (int)Math.Round((North - South) / Step);
        basins = new Basin[Columns * Rows];
        Array.Fill(basins, Basin.Inland);
        stepKm = [.. Enumerable.Range(0, Rows).Select(y => Centre(y * Columns)).Select(c =>
            Steps.Select(s => Earth.DistanceKm(c, new Coordinate(c.X + s.Dx * Step, c.Y + s.Dy * Step))).ToArray())];
        foreach (var shape in land) Burn(shape);
        Flood(InPacific, Basin.Pacific);
        Flood(InAtlantic, Basin.Atlantic);
    }

    public int Columns { get; }

    public int Rows { get; }

    public Basin this[int cell] => basins[cell];

    public static bool IsOcean(Basin basin) => basin is Basin.Pacific or Basin.Atlantic;

    /// <summary>Middle of a cell.</summary>
    public Coordinate Centre(int cell) => new(West + (cell % Columns + 0.5) * Step, South + (Math.Floor((double)cell / Columns) + 0.5) * Step);

    /// <summary>The cell of a place; -1 outside the grid.</summary>
    public int Cell(Coordinate place)
    {
        var (x, y) = ((int)Math.Floor((place.X - West) / Step), (int)Math.Floor((place.Y - South) / Step));
        return x < 0 || y < 0 || x >= Columns || y >= Rows ? -1 : y * Columns + x;
    }

    /// <summary>Ocean cells beside land.</summary>
    public IEnumerable<int> CoastCells() =>
        Enumerable.Range(0, basins.Length).Where(c => IsOcean(basins[c]) && Neighbours(c).Any(n => basins[n.Cell] == Basin.Land));

    /// <summary>Distances over water, km, to every cell within reach of a start cell.</summary>
    public Dictionary<int, double> Reach(int start, double withinKm)
    {
        var reached = new Dictionary<int, double>();
        var queue = new PriorityQueue<int, (double, int)>();
        queue.Enqueue(start, (0, start));
        while (queue.TryDequeue(out var cell, out var at))
        {
            if (!reached.TryAdd(cell, at.Item1)) continue;
            foreach (var (next, km) in Neighbours(cell))
            {
                var distance = at.Item1 + km;
                if (distance <= withinKm && Passable(cell, next) && !reached.ContainsKey(next)) queue.Enqueue(next, (distance, next));
            }
        }
        return reached;
    }

    private IEnumerable<(int Cell, double Km)> Neighbours(int cell)
    {
        var (x, y) = (cell % Columns, cell / Columns);
        for (var s = 0; s < Steps.Length; s++)
        {
            var (nx, ny) = (x + Steps[s].Dx, y + Steps[s].Dy);
            if (nx >= 0 && ny >= 0 && nx < Columns && ny < Rows) yield return (ny * Columns + nx, stepKm[y][s]);
        }
    }

    /// <summary>From water to water of one ocean, and diagonally only where both corners are water too.</summary>
    private bool Passable(int from, int to)
    {
        if (basins[to] != basins[from]) return false;
        var (x0, y0, x1, y1) = (from % Columns, from / Columns, to % Columns, to / Columns);
        return x0 == x1 || y0 == y1 || (basins[y0 * Columns + x1] == basins[from] && basins[y1 * Columns + x0] == basins[from]);
    }

    private void Flood(Coordinate seed, Basin basin)
    {
        var stack = new Stack<int>([Cell(seed)]);
        var wall = (int)Math.Floor((WallLongitude - West) / Step);
        while (stack.TryPop(out var cell))
        {
            if (basins[cell] != Basin.Inland) continue;
            basins[cell] = basin;
            var x = cell % Columns;
            foreach (var (next, _) in Neighbours(cell))
            {
                var nx = next % Columns;
                var throughWall = Centre(cell).Y < WallLatitude && (x < wall) != (nx < wall);
                var diagonal = nx != x && next / Columns != cell / Columns;
                if (!throughWall && !diagonal && basins[next] == Basin.Inland) stack.Push(next);
            }
        }
    }

    private void Burn(Geometry shape)
    {
        var locator = new IndexedPointInAreaLocator(shape);
        var box = shape.EnvelopeInternal;
        var (x0, x1) = ((int)Math.Floor((box.MinX - West) / Step), (int)Math.Floor((box.MaxX - West) / Step));
        var (y0, y1) = ((int)Math.Floor((box.MinY - South) / Step), (int)Math.Floor((box.MaxY - South) / Step));
        for (var y = Math.Max(0, y0); y <= Math.Min(Rows - 1, y1); y++)
        {
            for (var x = Math.Max(0, x0); x <= Math.Min(Columns - 1, x1); x++)
            {
                var cell = y * Columns + x;
                if (basins[cell] == Basin.Inland && locator.Locate(Centre(cell)) != Location.Exterior) basins[cell] = Basin.Land;
            }
        }
    }
}
