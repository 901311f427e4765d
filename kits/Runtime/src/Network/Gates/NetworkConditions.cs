namespace Microcosm.Runtime;

/// <summary>What links and rules about connections do to those who come to one node's port. Thread-safe.</summary>
public sealed class NetworkConditions
{
    private readonly FaultPlan? _plan;
    private readonly Seed _seed;
    private readonly string _system;
    private readonly string _node;

    internal NetworkConditions(Links links, FaultPlan? plan, TimeProvider clock, Seed seed, string system, string node)
    {
        (Links, _plan, Clock, _seed, _system, _node) = (links, plan, clock, seed, system, node);
    }

    internal Links Links { get; }

    internal TimeProvider Clock { get; }

    /// <summary>True while nothing is disturbed anywhere: what every connection asks first.</summary>
    internal bool AreQuiet => !Links.IsAnyDisturbed && _plan is not { HasConnectionRules: true };

    /// <summary>Completes when a rule comes or goes.</summary>
    internal Task PlanChanges => _plan?.Changes.Next ?? Links.Changes.Next;

    /// <summary>Decides what the rules do to a new connection.</summary>
    internal ConnectionVerdict Decide(string client, long connection) =>
        _plan is { HasConnectionRules: true } plan ? plan.DecideConnection(_system, _node, client, connection) : ConnectionVerdict.None;

    /// <summary>The two directions of a connection: to the node, and back.</summary>
    internal (Passage Up, Passage Down) Passages(string client, long connection, ConnectionVerdict verdict)
    {
        return (Way(client, _node, FlowDirection.Up), Way(_node, client, FlowDirection.Down));

        Passage Way(string from, string to, FlowDirection direction) =>
            new(this, _seed.Stream($"link/{from}/{to}/{connection}"), from, to, verdict.Of(direction));
    }

    /// <summary>True while a new connection of this client hangs: a handshake needs both directions.</summary>
    internal bool Holds(string client, ConnectionVerdict verdict) =>
        verdict.IsBlackHoled || Links.Of(client, _node).IsCut || Links.Of(_node, client).IsCut;

    /// <summary>Waits until a new connection may be opened.</summary>
    internal async Task AdmitAsync(string client, ConnectionVerdict verdict, CancellationToken cancellation)
    {
        while (true)
        {
            var (links, plan) = (Links.Changes.Next, PlanChanges);
            if (!Holds(client, verdict))
                return;
            await Task.WhenAny(links, plan).WaitAsync(cancellation);
        }
    }

    /// <summary>Calls when anything changes, on whatever thread changes it.</summary>
    internal void Subscribe(Action listener)
    {
        Links.Changes.Subscribe(listener);
        _plan?.Changes.Subscribe(listener);
    }

    internal void Unsubscribe(Action listener)
    {
        Links.Changes.Unsubscribe(listener);
        _plan?.Changes.Unsubscribe(listener);
    }
}
