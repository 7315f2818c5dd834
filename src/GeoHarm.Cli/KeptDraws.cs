using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Cli;

/// <summary>
/// Finished members of one scenario in a file beside the run's folder, so that a run that was stopped, even by force, goes on
/// where it was and ends with the same bits. The file begins with what the draws depend on (study, scenario, seed, code);
/// another beginning is another run and is thrown away. Each part ends with its hash: a part cut off by a kill is dropped.
/// Draws are of the whole chain and stay with the owner of the study; the folder goes when the run is done.
/// </summary>
internal sealed class KeptDraws : IDisposable
{
    private readonly FileStream file;
    private readonly long header;
    private readonly string scenario;
    private readonly Terminal terminal;

    private KeptDraws(FileStream file, long header, string scenario, Terminal terminal) => (this.file, this.header, this.scenario, this.terminal) = (file, header, scenario, terminal);

    /// <summary>Opens the file of a scenario; one of another run is begun anew.</summary>
    public static KeptDraws Open(string output, ScenarioText text, Study study, RunChoices choices, Terminal terminal)
    {
        _ = ScenarioInputs.Open(text.Scenario, study.Read, text.File); // so that every input of the study is known and hashed
        var folder = FolderOf(output);
        Directory.CreateDirectory(folder);
        // Members are left out: a larger ensemble begins with the members of a smaller one.
        var key = Encoding.ASCII.GetBytes("GeoHarm draws 1 " + RunIdentity.Of(study, [text with { Scenario = text.Scenario with { Members = 0 } }], choices, "", false));
        var file = new FileStream(Path.Combine(folder, text.Scenario.Name + ".draws"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var found = new byte[key.Length];
        if (file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) < key.Length || !found.AsSpan().SequenceEqual(key))
        {
            file.SetLength(0);
            file.Write(key);
        }
        return new KeptDraws(file, key.Length, text.Scenario.Name, terminal);
    }

    /// <summary>Removes what was kept for a run.</summary>
    public static void Forget(string output)
    {
        if (Directory.Exists(FolderOf(output))) Directory.Delete(FolderOf(output), recursive: true);
    }

    /// <summary>Appends members from one to another, the last exclusive.</summary>
    public void Keep(EnsembleDraws draws, int from, int to)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        file.Seek(0, SeekOrigin.End);
        Span<int> range = [from, to];
        Put(MemoryMarshal.AsBytes(range));
        foreach (var part in Parts(draws, from, to)) Put(MemoryMarshal.AsBytes(part.Span));
        file.Write(hash.GetHashAndReset());
        file.Flush(flushToDisk: true);

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            file.Write(bytes);
        }
    }

    /// <summary>Reads the members that are whole, in order from 0, and says how many; what follows them is dropped.</summary>
    public int Restore(EnsembleDraws draws)
    {
        file.Seek(header, SeekOrigin.Begin);
        var done = 0;
        while (ReadPart(draws, done) is { } to && to > done)
        {
            done = to;
            if (done >= draws.Members) break;
        }
        if (done < draws.Members) file.SetLength(file.Position);
        if (done > 0) terminal.Detail($"{scenario}: going on from {done} of {draws.Members} members");
        return done;
    }

    public void Dispose() => file.Dispose();

    private int? ReadPart(EnsembleDraws draws, int done)
    {
        var start = file.Position;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<int> range = stackalloc int[2];
        if (!Get(MemoryMarshal.AsBytes(range)) || range[0] != done || range[1] <= done || range[1] > draws.Members) return Back();
        foreach (var part in Parts(draws, range[0], range[1])) if (!Get(MemoryMarshal.AsBytes(part.Span))) return Back();
        var said = new byte[32];
        return file.ReadAtLeast(said, 32, throwOnEndOfStream: false) == 32 && hash.GetHashAndReset().AsSpan().SequenceEqual(said) ? range[1] : Back();

        bool Get(Span<byte> bytes)
        {
            if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) return false;
            hash.AppendData(bytes);
            return true;
        }

        int? Back()
        {
            // Half a part may have been read already; members add to what they find.
            foreach (var part in Parts(draws, done, draws.Members)) part.Span.Clear();
            file.Seek(start, SeekOrigin.Begin);
            return null;
        }
    }

    private static IEnumerable<Memory<double>> Parts(EnsembleDraws draws, int from, int to)
    {
        foreach (var measure in draws.All)
        {
            for (var member = from; member < to; member++)
            {
                yield return measure.MemoryBefore(member);
                yield return measure.MemoryAfter(member);
            }
        }
    }

    private static string FolderOf(string output) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)) + ".draws";
}
