namespace Microcosm.Simulation;

/// <summary>
/// Makes a failing schedule smaller while it fails in the same way: first fewer faults, then shorter ones, then weaker ones. The seed
/// stays, so all that the system and the network decide by it stays too.
/// </summary>
internal sealed class ScheduleShrinker(Func<FaultSchedule, SimulationResult> run, SimulationResult failing, int runsMax)
{
    private readonly string _kind = failing.Failure!.Kind;

    /// <summary>The smallest failing run so far.</summary>
    public SimulationResult Smallest { get; private set; } = failing;

    /// <summary>Simulations taken.</summary>
    public int Runs { get; private set; }

    public void Shrink()
    {
        string before;
        do
        {
            before = Smallest.Faults.ToString();
            DeltaDebugging.Minimize(Smallest.Faults.Faults, StillFails);
            for (var i = 0; i < Smallest.Faults.Faults.Count; i++)
                Weaken(i);
        }
        while (Smallest.Faults.ToString() != before && Runs < runsMax);
    }

    private void Weaken(int index)
    {
        while (TryReplace(index, f => f.ForMs > 1 ? f with { ForMs = f.ForMs / 2 } : null))
        {
        }
        while (TryReplace(index, f => Math.Abs(f.Amount) > 1 ? f with { Amount = f.Amount / 2 } : null))
        {
        }
    }

    private bool TryReplace(int index, Func<ScheduledFault, ScheduledFault?> smaller)
    {
        var faults = Smallest.Faults.Faults.ToArray();
        if (smaller(faults[index]) is not { } fault)
            return false;
        faults[index] = fault;
        return StillFails(faults);
    }

    private bool StillFails(IReadOnlyList<ScheduledFault> faults)
    {
        if (Runs >= runsMax)
            return false;
        Runs++;
        var result = run(new FaultSchedule(faults));
        if (result.Failure?.Kind != _kind)
            return false;
        Smallest = result;
        return true;
    }
}
