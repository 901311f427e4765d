namespace Microcosm.SideBySide.Worlds;

/// <summary>All systems at once, as published.</summary>
internal sealed class WholeWorld : Server
{
    // etcd has as many replicas as Chubby, whose face it is.
    private static readonly string[] Settings = ["--set", "kafka.nodes=3", "--set", "chubby.replicas=5"];

    /// <summary>What has just started elects, compiles and collects for a while.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public WholeWorld((string Name, string Program) ours)
        : base(ours.Name) => Up([ours.Program], ["--memory", .. Settings]);

    /// <summary>How a user starts it.</summary>
    public static string Command { get; } = $"cosm up {string.Join(' ', Settings)}";
}
