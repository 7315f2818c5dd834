using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>One scenario in a report.</summary>
public sealed record ReportChapter
{
    /// <summary>Scenario name, as in its file.</summary>
    public required string Scenario { get; init; }

    /// <summary>What the scenario asks, in a sentence or two; from the scenario file.</summary>
    public string Question { get; init; } = "";

    /// <summary>The result.</summary>
    public required ResultLayers Layers { get; init; }

    /// <summary>Pictures in reading order, and those refused with the reason.</summary>
    public required ScenarioPictureSet Pictures { get; init; }
}

/// <summary>A report: chapters under one title, with what is needed to judge and to cite it.</summary>
public sealed record ReportSpec
{
    /// <summary>Title; empty for the one made from the scenarios' names.</summary>
    public string Title { get; init; } = "";

    /// <summary>Scenarios in order.</summary>
    public required IReadOnlyList<ReportChapter> Chapters { get; init; }

    /// <summary>Sources, licence, date, run id, caveats.</summary>
    public required Credits Credits { get; init; }

    /// <summary>en, es or pt.</summary>
    public string Language { get; init; } = "en";

    /// <summary>For whom it is worded: one of <see cref="Wording.Framings"/>. The numbers are the same in each.</summary>
    public string Framing { get; init; } = Wording.HarmReduction;

    /// <summary>Totals of all chapters in one table, with their scenario in the column "scenario"; null where there is none: scenarios side by side then have no chart.</summary>
    public PublishedLayer? Compared { get; init; }

    /// <summary>Words in force.</summary>
    internal Wording Words => Wording.In(Language, Framing);

    /// <summary>How to cite the report; empty for a line made from title, date and run id.</summary>
    public string CiteAs { get; init; } = "";

    /// <summary>Whether only the finding, its map, the recipients and the caveats are kept: as PDF, one page a scenario.</summary>
    public bool IsBrief { get; init; }

    /// <summary>Rows of a table that are printed; the rest is in the files beside the report. Default 40.</summary>
    public int MostRows { get; init; } = 40;
}
