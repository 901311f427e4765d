using System.Globalization;
using System.Text;

namespace Microcosm.Testing;

/// <summary>What a failed test says of its world.</summary>
internal static class FailureReport
{
    private const int FiredMax = 20;
    private const int LogLinesMax = 10;

    /// <summary>Of a run under [Seeds]: what fired in its worlds, and how to run it again.</summary>
    public static string Of(object? argument, ReplayCommand command)
    {
        var run = argument as SeededRun;
        var seed = run?.Seed.Value ?? (ulong)argument!;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed:        {seed}");
        foreach (var world in run?.Worlds ?? [])
            AppendFired(text, world);
        return text.Append($"\nreplay:      {command.OfSeed(seed)}").ToString();
    }

    /// <summary>Of a fixture's world.</summary>
    public static string Of(World world)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed:        {world.Seed.Value}");
        AppendFired(text, world);
        foreach (var node in world.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nnode:        {node.Name} {node.State.ToString().ToLowerInvariant()}")
                .Append(node.Restarts > 0 ? $", restarted {node.Restarts} times" : "");
        }
        foreach (var line in world.Nodes.SelectMany(n => n.Log.Lines).OrderBy(l => l.At).TakeLast(LogLinesMax))
            text.Append(CultureInfo.InvariantCulture, $"\nlog:         {line.At:HH:mm:ss.fff} {line.Node} {line.Message.Split('\n')[0]}");
        return text.ToString();
    }

    private static void AppendFired(StringBuilder text, World world)
    {
        var fired = world.Faults.Fired;
        text.Append(CultureInfo.InvariantCulture, $"\nfaults:      {fired.Count} fired");
        foreach (var fault in fired.Take(FiredMax))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"\n             {fault.Rule}: {fault.Operation} no. {fault.Ordinal} on {fault.Node}, connection {fault.ConnectionId}");
        }
        if (fired.Count > FiredMax)
            text.Append(CultureInfo.InvariantCulture, $"\n             and {fired.Count - FiredMax} more");
    }
}
