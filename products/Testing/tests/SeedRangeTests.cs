namespace Microcosm.Testing.Tests;

/// <summary>Which seeds a test runs, by its attribute and by the environment.</summary>
public sealed class SeedRangeTests
{
    [Fact]
    public void Without_environment_the_attribute_counts() => Assert.Equal([5UL, 6UL, 7UL], RangeOf().Seeds);

    [Fact]
    public void The_environment_names_one_seed() => Assert.Equal([17UL], RangeOf(("MICROCOSM_SEED", "17")).Seeds);

    [Fact]
    public void The_environment_moves_the_range() =>
        Assert.Equal([9UL, 10UL], RangeOf(("MICROCOSM_FIRST_SEED", "9"), ("MICROCOSM_SEEDS", "2")).Seeds);

    [Fact]
    public void The_environment_names_a_simulation()
    {
        var range = RangeOf(("MICROCOSM_REPLAY", "shop --seed 4 --faults 'Crash:shop-1::797+1:0'"));
        Assert.Equal([4UL], range.Seeds);
        Assert.Equal("Crash:shop-1::797+1:0", range.Replay!.Faults.ToString());
    }

    [Fact]
    public void What_is_no_number_is_refused() => Assert.Throws<FormatException>(() => RangeOf(("MICROCOSM_SEED", "many")));

    private static SeedRange RangeOf(params (string Name, string Value)[] environment)
    {
        var command = new ReplayCommand(typeof(SeedRangeTests).GetMethod(nameof(What_is_no_number_is_refused))!, null);
        return new SeedRange(5, 3, command, name => environment.FirstOrDefault(e => e.Name == name).Value);
    }
}
