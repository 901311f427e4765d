using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microcosm.Runtime;

/// <summary>
/// What one system tells the outside: an <see cref="ActivitySource"/> and a <see cref="Meter"/> of the same name, process-wide.
/// Anything that listens to .NET's own diagnostics hears it, the OpenTelemetry SDK by the name <c>Microcosm.*</c>.
/// </summary>
public sealed class SystemTelemetry
{
    // The conventions' buckets begin at a millisecond, which is long inside one process.
    private static readonly double[] SecondsBuckets = [0.000_01, 0.000_1, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    private readonly ActivitySource _activities;

    /// <param name="name">Name of the source and the meter: <c>Microcosm.Redis</c>.</param>
    /// <param name="system">Value of the attribute that names the system: <c>redis</c>.</param>
    /// <param name="conventions">Names for its kind.</param>
    public SystemTelemetry(string name, string system, TelemetryConventions conventions)
    {
        (Name, System, Conventions) = (name, system, conventions);
        _activities = new ActivitySource(name);
        var meter = new Meter(name);
        Duration = meter.CreateHistogram(conventions.DurationMetric, "s", "How long operations take, on the node's clock.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBuckets });
        Operations = meter.CreateCounter<long>("microcosm.operations", "{operation}", "Operations answered, refused or cut off.");
        Errors = meter.CreateCounter<long>("microcosm.operation.errors", "{operation}", "Operations that ended with an error.");
        Faults = meter.CreateCounter<long>("microcosm.faults", "{fault}", "Operation faults that fired.");
        Unserved = meter.CreateCounter<long>(
            "microcosm.operations.unserved", "{operation}", "Operations asked for that are not implemented.");
        Connections = meter.CreateUpDownCounter<long>("microcosm.connections", "{connection}", "Open connections to the node.");
        Starts = meter.CreateCounter<long>("microcosm.node.starts", "{start}", "Starts of the node, whoever wanted them.");
        Failures = meter.CreateCounter<long>("microcosm.node.failures", "{failure}", "Failures that ended a generation of the node.");
        Restarts = meter.CreateCounter<long>("microcosm.node.restarts", "{restart}", "Restarts by the supervisor after a failure.");
    }

    /// <summary>For nodes that belong to no system, as those of tests.</summary>
    public static SystemTelemetry General { get; } = new("Microcosm.Nodes", "nodes", TelemetryConventions.General);

    /// <summary>Name of the source and the meter: <c>Microcosm.Redis</c>.</summary>
    public string Name { get; }

    /// <summary>Value of the attribute that names the system: <c>redis</c>.</summary>
    public string System { get; }

    /// <summary>Names for its kind.</summary>
    public TelemetryConventions Conventions { get; }

    /// <summary>True while anybody listens to operations. A few loads; hot paths ask once a turn and keep the answer.</summary>
    public bool IsObserved =>
        HasSpans || Duration.Enabled || Operations.Enabled || Errors.Enabled || Faults.Enabled;

    internal bool HasSpans => _activities.HasListeners();

    internal Histogram<double> Duration { get; }

    internal Counter<long> Operations { get; }

    internal Counter<long> Errors { get; }

    internal Counter<long> Faults { get; }

    internal Counter<long> Unserved { get; }

    internal UpDownCounter<long> Connections { get; }

    internal Counter<long> Starts { get; }

    internal Counter<long> Failures { get; }

    internal Counter<long> Restarts { get; }

    /// <summary>Begins a span that the caller ends by <see cref="Stop"/>. It never becomes <see cref="Activity.Current"/>: operations of
    /// one thread end in any order, and whatever is current there is nobody's parent.</summary>
    internal Activity? Start(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset at)
    {
        if (!HasSpans)
            return null;
        var current = Activity.Current;
        Activity.Current = null;
        var activity = _activities.CreateActivity(name, kind, parent);
        activity?.SetStartTime(at.UtcDateTime).Start();
        Activity.Current = current;
        return activity;
    }

    /// <summary>Ends a span so long after its start: what the wall clock did meanwhile does not count.</summary>
    internal static void Stop(Activity activity, TimeSpan elapsed)
    {
        var current = Activity.Current;
        // Set before Stop, which would take the machine's time otherwise.
        activity.SetEndTime(activity.StartTimeUtc + elapsed);
        activity.Stop();
        Activity.Current = current;
    }
}
