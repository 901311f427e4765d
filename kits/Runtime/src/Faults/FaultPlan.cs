namespace Microcosm.Runtime;

/// <summary>
/// What is to fail. Decisions are a pure function of the seed, the rule, the node, the connection and the operation's ordinal, so that the
/// same plan and seed fail the same operations again. Rules may be added and cleared while the world runs. Thread-safe.
/// </summary>
public sealed class FaultPlan(Seed seed, TimeProvider clock)
{
    private const int FiredMax = 10_000;

    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];
    private readonly List<FiredFault> _fired = [];
    private int _nextId = 1;
    private volatile bool _hasOperationRules;

    /// <summary>True while any operation rule stands: the hot path asks only this.</summary>
    public bool HasOperationRules => _hasOperationRules;

    /// <summary>Carries out node faults that a rule triggers: kill, pause. Set by the world.</summary>
    public Action<string, OperationFaultAction>? OnNodeFault { get; set; }

    /// <summary>The rules that stand.</summary>
    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
                return [.. _rules];
        }
    }

    /// <summary>What has fired, oldest first; the first 10,000.</summary>
    public IReadOnlyList<FiredFault> Fired
    {
        get
        {
            lock (_gate)
                return [.. _fired];
        }
    }

    /// <summary>Adds a rule in the text grammar of <see cref="FaultGrammar"/>. Throws <see cref="FormatException"/>.</summary>
    public FaultRule Add(string text) => Add(FaultGrammar.Parse(text));

    /// <summary>Adds a rule; gives it its id.</summary>
    public FaultRule Add(FaultRule rule)
    {
        lock (_gate)
        {
            rule.Id = _nextId++;
            _rules.Add(rule);
            _hasOperationRules = true;
        }
        return rule;
    }

    /// <summary>Removes one rule; false if there is none of that id.</summary>
    public bool Remove(int id)
    {
        lock (_gate)
        {
            var removed = _rules.RemoveAll(r => r.Id == id) > 0;
            _hasOperationRules = _rules.Count > 0;
            return removed;
        }
    }

    /// <summary>Removes all rules and forgets what fired.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
            _fired.Clear();
            _hasOperationRules = false;
        }
    }

    /// <summary>Decides what happens to one operation, counts it and records a fault that fires.</summary>
    public OperationFault Decide(in OperationCall call)
    {
        lock (_gate)
        {
            foreach (var rule in _rules)
            {
                if (!rule.Matches(call))
                    continue;
                var ordinal = ++rule.Matched;
                if (!Triggers(rule, call, ordinal))
                    continue;
                rule.FiredCount++;
                if (_fired.Count < FiredMax)
                    _fired.Add(new FiredFault(clock.GetUtcNow(), rule.Id, rule.ToString(), call.Node, call.ConnectionId, call.FullName,
                        ordinal));
                if (rule.Fault.Action is OperationFaultAction.KillNode or OperationFaultAction.PauseNode)
                    OnNodeFault?.Invoke(call.Node, rule.Fault.Action);
                return rule.Fault with { Rule = rule.ToString() };
            }
        }
        return default;
    }

    private bool Triggers(FaultRule rule, in OperationCall call, long ordinal)
    {
        if (rule.Limit > 0 && rule.FiredCount >= rule.Limit)
            return false;
        if (rule.Nth > 0)
            return ordinal == rule.Nth;
        if (rule.Every > 0)
            return ordinal % rule.Every == 0;
        if (rule.Probability >= 1)
            return true;
        // By the connection's own count of matches, so that other connections' traffic shifts nothing.
        var own = rule.NextOrdinalOf(call.Node, call.ConnectionId);
        return seed.Stream($"fault/{rule}/{call.Node}/{call.ConnectionId}/{own}").NextDouble() < rule.Probability;
    }
}
