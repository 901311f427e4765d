using Microcosm.Simulation;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>The simulations of a log.</summary>
internal static class LogWorkloads
{
    public const string Cleaner = "kafka-cleaner";

    /// <summary>By name; the log that is written to and cut where no other is meant.</summary>
    public static IWorkload Create(string name) => name == Cleaner
        ? new LogWorkload<CleanerModel>(
            Cleaner, random => new(new CleanerModel(random), CleanerModel.Settings(random)), (c, l) => new CleanerNode(c, l))
        : new LogWorkload<LogModel>("kafka-log", random => new(new LogModel(), LogScript.Settings(random)), (c, l) => new LogNode(c, l));
}
