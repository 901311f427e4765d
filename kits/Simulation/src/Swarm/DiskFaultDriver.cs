using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>Brings the disk faults of a schedule about: errors as rules of the node's own plan, fullness as its disk's limit.</summary>
internal sealed class DiskFaultDriver(SimulatedWorld world)
{
    private readonly Dictionary<ScheduledFault, int> _rules = [];
    private readonly Dictionary<ScheduledFault, long> _limits = [];

    public void Begin(ScheduledFault fault)
    {
        if (fault.Kind == FaultKind.DiskError && !_rules.ContainsKey(fault))
        {
            var rule = new FaultRule
            {
                Operation = "disk." + fault.Other,
                Every = fault.Amount,
                Fault = new OperationFault(OperationFaultAction.DiskError, DiskError.Io.Name),
            };
            _rules[fault] = world.FaultsOf(fault.Target).Add(rule).Id;
        }
        else if (fault.Kind == FaultKind.DiskFull)
        {
            _limits[fault] = Math.Max(1, world.Disk(fault.Target).BytesUsed + fault.Amount);
            Limit(fault.Target);
        }
    }

    public void End(ScheduledFault fault)
    {
        if (_rules.Remove(fault, out var rule))
            world.FaultsOf(fault.Target).Remove(rule);
        if (_limits.Remove(fault))
            Limit(fault.Target);
    }

    public void EndAll()
    {
        foreach (var fault in _rules.Keys.Concat(_limits.Keys).ToArray())
            End(fault);
    }

    private void Limit(string node) =>
        world.Disk(node).BytesMax = _limits.Where(l => l.Key.Target == node).Select(l => l.Value).DefaultIfEmpty(0).Min();
}
