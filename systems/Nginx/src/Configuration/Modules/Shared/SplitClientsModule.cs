namespace Microcosm.Nginx;

/// <summary><c>split_clients</c>, of the http and of the stream part.</summary>
internal sealed class SplitClientsModule
{
    private const long Whole = 10_000;

    public static readonly SplitClientsModule Http = new("http_split_clients_module", Contexts.Http);

    public static readonly SplitClientsModule Stream = new("stream_split_clients_module", Contexts.Stream);

    private SplitClientsModule(string name, Contexts main)
    {
        Module = new Module(name, main);
        Module.Block("split_clients", main, Arity.Two, Read);
    }

    public Module Module { get; }

    private static void Read(DirectiveCall call)
    {
        var key = call.Value(1);
        var name = VariableName.Of(call[2]);
        var parts = new List<(long Percent, byte[] Value)>();
        call.Variables.Declare(name, new SplitClients(key, []), VariableFlags.None);
        call.Loader.ReadLines(line => parts.Add(ReadLine(line)));
        var (sum, last) = (0L, 0u);
        var bounds = new List<(uint Bound, byte[] Value)>();
        foreach (var (percent, value) in parts)
        {
            sum = percent == 0 ? Whole : sum + percent;
            if (sum > Whole)
                throw call.Error("percent total is greater than 100%");
            // The last part takes what rounding leaves.
            if (sum < Whole)
                last += (uint)(percent * uint.MaxValue / Whole);
            bounds.Add((sum == Whole ? 0 : last, value));
        }
        call.Variables.Declare(name, new SplitClients(key, bounds), VariableFlags.None);
    }

    private static (long, byte[]) ReadLine(DirectiveCall line)
    {
        var part = line.Name;
        var value = Latin1.Bytes(line.Count > 0 ? line[1] : "");
        if (part == "*")
            return (0, value);
        if (!part.EndsWith('%') || Measures.FixedPoint(part.AsSpan(0, part.Length - 1), 2) is not (> 0 and var percent))
            throw line.Error($"invalid percent value \"{part}\"");
        return (percent, value);
    }
}
