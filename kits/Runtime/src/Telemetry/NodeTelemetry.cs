using System.Diagnostics;

namespace Microcosm.Runtime;

/// <summary>
/// What one generation of a node tells the outside. Times are those of the node's clock, so virtual time is told as such; nothing that
/// the node decides depends on who listens. Spans have random ids, from .NET. Operations: on the node's executor only.
/// </summary>
public sealed class NodeTelemetry(SystemTelemetry system, string node, TimeProvider clock, UnservedOperations? unserved = null)
{
    private readonly Lock _gate = new();
    private int _connections;
    private bool _isOver;

    /// <summary>See <see cref="SystemTelemetry.IsObserved"/>.</summary>
    public bool IsObserved => system.IsObserved;

    /// <summary>An operation begins; to be ended by <see cref="End"/>, also when its reply comes much later.</summary>
    /// <param name="fullName">Generated name: <c>redis.SET</c>.</param>
    /// <param name="name">The protocol's name, which is the span's.</param>
    public OperationSpan Begin(string fullName, string name) => Begin(fullName, name, default);

    /// <summary>The same, for an operation inside another one, such as a transaction.</summary>
    public OperationSpan Begin(string fullName, string name, in OperationSpan parent) =>
        // Of a transaction that nobody wants, nobody wants the parts.
        parent.Activity is { } outer ? Begin(fullName, name, outer.Context) : new OperationSpan(fullName, name, clock.GetTimestamp(), null);

    /// <summary>A fault fired: an event and attributes of the span, and a count.</summary>
    public void Fault(in OperationSpan span, in OperationFault fault)
    {
        var action = fault.Action.ToString();
        system.Faults.Add(1, new(TelemetryAttributes.Node, node), new(TelemetryAttributes.Operation, span.FullName),
            new(TelemetryAttributes.FaultAction, action));
        if (span.Activity is not { IsAllDataRequested: true } activity)
            return;
        activity.SetTag(TelemetryAttributes.Fault, fault.Rule);
        activity.AddEvent(new ActivityEvent(TelemetryAttributes.Fault, activity.StartTimeUtc + clock.GetElapsedTime(span.Started),
            new() { { TelemetryAttributes.Fault, fault.Rule }, { TelemetryAttributes.FaultAction, action } }));
    }

    /// <summary>The operation's reply is written, or will never be.</summary>
    /// <param name="error">Kind of error, of few values (a Redis error's first word), or null when there was none.</param>
    /// <param name="message">What the peer's client is told.</param>
    public void End(in OperationSpan span, string? error = null, string? message = null)
    {
        var elapsed = clock.GetElapsedTime(span.Started);
        Count(span, elapsed, error);
        if (span.Activity is not { } activity)
            return;
        if (error is not null)
        {
            activity.SetTag(TelemetryAttributes.ErrorType, error);
            activity.SetStatus(ActivityStatusCode.Error, message);
        }
        SystemTelemetry.Stop(activity, elapsed);
    }

    /// <summary>A client asked for something that is not there, and is refused.</summary>
    /// <param name="operation">What the protocol calls it: <c>XADD</c>.</param>
    public void Unserved(string operation)
    {
        system.Unserved.Add(1, new KeyValuePair<string, object?>(TelemetryAttributes.Node, node));
        unserved?.Count(system.System, operation);
    }

    /// <summary>A connection was accepted. False if nobody counts at present: then its end is not to be told either.</summary>
    public bool ConnectionOpened() => system.Connections.Enabled && CountConnection(1);

    /// <summary>A connection that was counted is gone. Those open when the node dies need no call.</summary>
    public void ConnectionClosed() => CountConnection(-1);

    internal OperationSpan Starting(string zone, long generation)
    {
        system.Starts.Add(1, new KeyValuePair<string, object?>(TelemetryAttributes.Node, node));
        var activity = system.Start("node start", ActivityKind.Internal, default, clock.GetUtcNow());
        var span = new OperationSpan("", "node start", clock.GetTimestamp(), activity);
        Describe(span);
        span.Set(TelemetryAttributes.Zone, zone);
        span.Set(TelemetryAttributes.Generation, generation);
        return span;
    }

    internal void Started(in OperationSpan span, Exception? failure)
    {
        if (span.Activity is not { } activity)
            return;
        Blame(activity, failure);
        SystemTelemetry.Stop(activity, clock.GetElapsedTime(span.Started));
    }

    internal void Failed(Exception failure)
    {
        system.Failures.Add(1, new(TelemetryAttributes.Node, node), new(TelemetryAttributes.ErrorType, failure.GetType().FullName));
        if (system.Start("node failure", ActivityKind.Internal, default, clock.GetUtcNow()) is not { } activity)
            return;
        activity.SetTag(TelemetryAttributes.Node, node);
        Blame(activity, failure);
        SystemTelemetry.Stop(activity, TimeSpan.Zero);
    }

    internal void Restarting() => system.Restarts.Add(1, new KeyValuePair<string, object?>(TelemetryAttributes.Node, node));

    /// <summary>The generation is over, and its connections with it.</summary>
    internal void Over()
    {
        lock (_gate)
        {
            if (_connections != 0)
                AddConnections(-_connections);
            _connections = 0;
            _isOver = true;
        }
    }

    private static void Blame(Activity activity, Exception? failure)
    {
        if (failure is null)
            return;
        activity.SetTag(TelemetryAttributes.ErrorType, failure.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    private OperationSpan Begin(string fullName, string name, ActivityContext parent)
    {
        // With metrics alone the wall clock is not read.
        var activity = system.HasSpans ? system.Start(name, ActivityKind.Server, parent, clock.GetUtcNow()) : null;
        var span = new OperationSpan(fullName, name, clock.GetTimestamp(), activity);
        Describe(span);
        return span;
    }

    private void Describe(in OperationSpan span)
    {
        if (span.Activity is not { IsAllDataRequested: true } activity)
            return;
        activity.SetTag(system.Conventions.SystemAttribute, system.System);
        activity.SetTag(TelemetryAttributes.Node, node);
        if (span.FullName.Length == 0)
            return;
        activity.SetTag(system.Conventions.OperationAttribute, span.Name);
        activity.SetTag(TelemetryAttributes.Operation, span.FullName);
    }

    private void Count(in OperationSpan span, TimeSpan elapsed, string? error)
    {
        if (!system.Duration.Enabled && !system.Operations.Enabled && !system.Errors.Enabled)
            return;
        var tags = new TagList
        {
            { system.Conventions.SystemAttribute, system.System },
            { system.Conventions.OperationAttribute, span.Name },
            { TelemetryAttributes.Operation, span.FullName },
            { TelemetryAttributes.Node, node },
        };
        system.Operations.Add(1, tags);
        if (error is not null)
        {
            tags.Add(TelemetryAttributes.ErrorType, error);
            system.Errors.Add(1, tags);
        }
        system.Duration.Record(elapsed.TotalSeconds, tags);
    }

    private bool CountConnection(int by)
    {
        lock (_gate)
        {
            if (_isOver)
                return false;
            _connections += by;
            AddConnections(by);
            return true;
        }
    }

    private void AddConnections(int by) => system.Connections.Add(by, new KeyValuePair<string, object?>(TelemetryAttributes.Node, node));
}
