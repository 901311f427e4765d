using System.CommandLine;

namespace Microcosm.SideBySide;

/// <summary>Ours beside its peers: a folder with a class that says who they are, what is done to them and what is looked at.</summary>
internal abstract class Comparison
{
    /// <summary>All that there are.</summary>
    public static IReadOnlyList<Comparison> All { get; } =
    [
        new Redis.RedisComparison(), new Chubby.ChubbyComparison(), new Kafka.KafkaComparison(), new Nginx.NginxComparison(),
        new Worlds.WorldComparison(),
    ];

    /// <summary>As <c>bench/run</c> takes it.</summary>
    public abstract string Name { get; }

    /// <summary>The project of ours that is published for it, and the program in there.</summary>
    public virtual (string Project, string Program) Ours => ("products/Cli", "cosm");

    /// <summary>Options that not every comparison has.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>What it cannot do without.</summary>
    public virtual IEnumerable<Peer> Needs(Run run) => [];

    /// <summary>Measures; what is seen stands in reports of the run, as soon as it is seen.</summary>
    public abstract Task MeasureAsync(Run run);
}
