using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microcosm.Simulation;

/// <summary>What came of a range of seeds.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="SeedsRun">Seeds up to the first failure, or all.</param>
/// <param name="Steps">Steps of all simulations together.</param>
/// <param name="Elapsed">Their virtual time together.</param>
/// <param name="Probes">Rare paths and how often they were taken, all simulations together: what is missing here was never tested.</param>
/// <param name="Planted">Bugs that were planted.</param>
/// <param name="Failure">The first failing seed, or null.</param>
public sealed record SeedReport(
    string Workload,
    int SeedsRun,
    long Steps,
    TimeSpan Elapsed,
    IReadOnlyDictionary<string, long> Probes,
    IReadOnlyList<string> Planted,
    SeedFailure? Failure)
{
    private const int LogLinesMax = 10;

    /// <summary>Throws with the whole report when a seed failed.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is { } failure)
            throw new CheckFailedException(failure.Result.Failure!.Kind, "\n" + ToText());
    }

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{Workload}: {SeedsRun} seeds, {Steps} steps, {Elapsed.TotalSeconds:0} s of virtual time");
        if (Planted.Count > 0)
            text.Append($"\nplanted:     {string.Join(' ', Planted)}");
        if (Failure is { } failure)
            AppendFailure(text, failure);
        else
            text.Append("\nno failure");
        text.Append("\nprobes:      " + (Probes.Count == 0 ? "none" : string.Join("  ", Probes.Select(p => $"{p.Key} {p.Value}"))));
        return text.ToString();
    }

    private static void AppendFailure(StringBuilder text, SeedFailure failure)
    {
        var (result, shrunk) = (failure.Result, failure.Shrunk);
        text.Append($"\nseed:        {result.Seed}   trace {result.TraceHash:x16}"
            + (failure.IsReproduced ? "" : "   NOT REPRODUCED by a second run"));
        text.Append($"\nfailure:     {result.Failure!.Kind}");
        text.Append($"\nfaults:      {result.Faults.Faults.Count}");
        AppendFaults(text, result.Faults);
        text.Append($"\nshrunk to:   {shrunk.Faults.Faults.Count} in {failure.ShrinkRuns} runs   trace {shrunk.TraceHash:x16}");
        AppendFaults(text, shrunk.Faults);
        text.Append("\nwhy:         " + shrunk.Failure!.Message.ReplaceLineEndings("\n             "));
        if (shrunk.Failure.Stack is { } stack)
            text.Append("\n" + stack);
        foreach (var line in shrunk.Log.TakeLast(LogLinesMax))
            text.Append("\nlog:         " + line.Split('\n')[0]);
        text.Append($"\nreplay:      {failure.Replay}");
    }

    private static void AppendFaults(StringBuilder text, FaultSchedule schedule)
    {
        foreach (var fault in schedule.Faults)
            text.Append("\n             " + fault.Describe());
    }

    /// <summary>For programs; the names are those of this record and its parts, in camelCase.</summary>
    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("workload", Workload);
            json.WriteNumber("seedsRun", SeedsRun);
            json.WriteNumber("steps", Steps);
            json.WriteNumber("elapsedMs", Elapsed.TotalMilliseconds);
            WriteList(json, "planted", Planted);
            json.WriteStartObject("probes");
            foreach (var (name, count) in Probes)
                json.WriteNumber(name, count);
            json.WriteEndObject();
            if (Failure is { } failure)
                WriteFailure(json, failure);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteFailure(Utf8JsonWriter json, SeedFailure failure)
    {
        json.WriteStartObject("failure");
        json.WriteNumber("seed", failure.Result.Seed);
        json.WriteString("kind", failure.Result.Failure!.Kind);
        json.WriteBoolean("isReproduced", failure.IsReproduced);
        json.WriteNumber("shrinkRuns", failure.ShrinkRuns);
        json.WriteString("replay", failure.Replay);
        WriteRun(json, "result", failure.Result);
        WriteRun(json, "shrunk", failure.Shrunk);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, string name, SimulationResult run)
    {
        json.WriteStartObject(name);
        json.WriteString("traceHash", run.TraceHash.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteString("message", run.Failure!.Message);
        WriteList(json, "faults", run.Faults.Faults.Select(f => f.ToString()));
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
