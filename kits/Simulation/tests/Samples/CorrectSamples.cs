using Microcosm.Simulation.Tests.Samples.Ledger;
using Microcosm.Simulation.Tests.Samples.Locks;
using Microcosm.Simulation.Tests.Samples.Register;
using Microcosm.Simulation.Tests.Samples.Store;

namespace Microcosm.Simulation.Tests.Samples;

/// <summary>The samples as they should be stand every seed. MICROCOSM_SEEDS says how many, MICROCOSM_FIRST_SEED from which on.</summary>
public class CorrectSamples
{
    private const int SeedsDefault = 60;

    private static void Stands(Func<IWorkload> create)
    {
        var report = SeedRunner.Run(create, SeedsToRun.Options(SeedsDefault));
        TestContext.Current.SendDiagnosticMessage(report.ToText());
        report.ThrowIfFailed();
        Assert.Equal(SeedsToRun.Options(SeedsDefault).Count, report.SeedsRun);
    }

    [Fact]
    public void The_store_is_linearizable_through_crashes() => Stands(() => new StoreWorkload());

    [Fact]
    public void The_register_is_linearizable_through_fail_over() => Stands(() => new RegisterWorkload());

    [Fact]
    public void The_ledger_applies_each_command_once() => Stands(() => new LedgerWorkload());

    [Fact]
    public void The_locks_exclude_and_fence() => Stands(() => new LockWorkload());
}
