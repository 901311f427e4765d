namespace Microcosm.Simulation.Tests.Samples;

/// <summary>The samples as they should be stand every seed. MICROCOSM_SEEDS says how many, MICROCOSM_FIRST_SEED from which on.</summary>
public class CorrectSamples
{
    private const int SeedsDefault = 60;

    private static void Stands(string sample)
    {
        var report = SeedRunner.Run(SampleWorkload.All[sample], SeedsToRun.Options(SeedsDefault));
        TestContext.Current.SendDiagnosticMessage(report.ToText());
        report.ThrowIfFailed();
        Assert.Equal(SeedsToRun.Options(SeedsDefault).Count, report.SeedsRun);
    }

    [Fact]
    public void The_store_is_linearizable_through_crashes() => Stands("sample-store");

    [Fact]
    public void The_register_is_linearizable_through_fail_over() => Stands("sample-register");

    [Fact]
    public void The_ledger_applies_each_command_once() => Stands("sample-ledger");

    [Fact]
    public void The_locks_exclude_and_fence() => Stands("sample-locks");
}
