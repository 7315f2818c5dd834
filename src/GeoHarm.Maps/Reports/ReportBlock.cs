using GeoHarm.Maps.Pictures;

namespace GeoHarm.Maps.Reports;

/// <summary>One block of a report, whatever it is written to.</summary>
internal abstract record ReportBlock;

/// <summary>A block whose figures come from a method that has a page.</summary>
internal interface IByMethod
{
    MethodPage Method { get; }
}

/// <summary>A heading: level 1 is the report's title, 2 a chapter, 3 a section, 4 what a table is of.</summary>
internal sealed record Heading(int Level, string Text) : ReportBlock;

/// <summary>A paragraph; the finding is set larger.</summary>
internal sealed record Prose(string Text, bool IsLead = false) : ReportBlock;

/// <summary>Sentences as a list.</summary>
internal sealed record Points(IReadOnlyList<string> Texts) : ReportBlock;

/// <summary>One key figure: before, after, and the change with its interval.</summary>
internal sealed record KeyFigure(string Label, string Unit, string Before, string After, string Change, string Interval, bool IsUnsure);

/// <summary>The key figures side by side.</summary>
internal sealed record KeyFigures(IReadOnlyList<KeyFigure> Figures) : ReportBlock, IByMethod
{
    public MethodPage Method { get; } = new("chain");
}

/// <summary>A picture with its caption and the page of the method behind it.</summary>
internal sealed record Figure(PictureSpec Picture, string Caption, MethodPage Method) : ReportBlock, IByMethod;

/// <summary>A table; numeric columns stand right.</summary>
internal sealed record DataTable(IReadOnlyList<string> Headings, IReadOnlyList<bool> Numeric, IReadOnlyList<IReadOnlyList<string>> Rows, string Note) : ReportBlock, IByMethod
{
    /// <summary>The page of the method behind the figures; the chain's where several models meet.</summary>
    public MethodPage Method { get; init; } = new("chain");
}
