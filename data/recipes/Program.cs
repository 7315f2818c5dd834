using GeoHarm.Recipes;

var root = Study.Root();
if (args is ["hashes"])
{
    Console.WriteLine($"{DataPage.Refresh(Path.Combine(root, "data"))} hashes refreshed");
    return 0;
}
Study.Build(root);
return 0;
