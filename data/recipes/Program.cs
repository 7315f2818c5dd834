using GeoHarm.Recipes;

var data = Path.Combine(Study.Root(), "data");
switch (args)
{
    case ["hashes"]:
        break;
    case ["tables"]:
        StudyLayers.Write(Path.Combine(data, "study"), StudyLayers.WithNewTables(data));
        break;
    case []:
        Study.Build(Study.Root());
        break;
    default:
        Console.Error.WriteLine("usage: GeoHarm.Recipes [tables | hashes]   (nothing: the whole study, from npm packages)");
        return 2;
}
Console.WriteLine($"{DataPage.Refresh(data)} hashes refreshed");
return 0;
