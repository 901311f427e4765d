namespace Microcosm.Simulation.Tests.Seeds;

public class DeltaDebuggingTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 100)]
    [InlineData(5, 64)]
    public void What_is_left_is_exactly_what_the_failure_needs(int needed, int count)
    {
        int[] needs = [.. Enumerable.Range(1, needed).Select(i => i * count / (needed + 1))];
        var tries = 0;
        var left = DeltaDebugging.Minimize([.. Enumerable.Range(0, count)], kept =>
        {
            tries++;
            return needs.All(kept.Contains);
        });
        Assert.Equal(needs, left);
        Assert.InRange(tries, 1, 20 * needed + count);
    }

    [Fact]
    public void A_failure_that_needs_nothing_shrinks_to_nothing() => Assert.Empty(DeltaDebugging.Minimize([1, 2, 3], _ => true));

    [Fact]
    public void A_list_of_which_all_is_needed_stays() =>
        Assert.Equal([1, 2, 3, 4, 5], DeltaDebugging.Minimize([1, 2, 3, 4, 5], kept => kept.Count == 5));
}
