namespace Microcosm.Http.Tests;

/// <summary>When checks are due, and what their results make of a server: no socket, no clock.</summary>
public sealed class HealthCheckTests
{
    [Theory]
    // p is a pass, f a failure; the state after each.
    [InlineData(1, 1, false, "p f p", "H U H")]
    [InlineData(3, 2, false, "f f p f f f p f p p", "H H H H H U U U U H")]
    [InlineData(3, 2, true, "f p p", "U U H")]
    [InlineData(3, 2, true, "p f f f", "H H H U")]
    public void So_many_results_in_a_row_make_it_another(int fails, int passes, bool isMandatory, string results, string states)
    {
        var check = new HealthCheck(new HealthCheckOptions { Fails = fails, Passes = passes, IsMandatory = isMandatory }, 0);
        Assert.Equal(isMandatory ? HealthState.Checking : HealthState.Healthy, check.State);
        var seen = new List<char>();
        foreach (var result in results.Split(' '))
        {
            var before = check.State;
            check.Begin(check.DueMs);
            Assert.Equal(before != Ended(), before != check.State);
            seen.Add(check.State.ToString()[0]);

            HealthState Ended() => check.End(result == "p", check.DueMs, 0) ? check.State : before;
        }
        Assert.Equal(states, string.Join(' ', seen));
        Assert.Equal((results.Split(' ').Length, results.Count(r => r == 'f')), (check.Checks, check.Failures));
    }

    [Fact]
    public void The_first_check_is_due_at_once_and_others_an_interval_and_a_lot_after_the_one_before_began()
    {
        var check = new HealthCheck(new HealthCheckOptions { IntervalMs = 1000, JitterMs = 400, TimeoutMs = 700 }, 50);
        Assert.Equal(50, check.DueMs);
        check.Begin(50);
        Assert.Equal(750, check.DueMs);
        check.End(true, 60, 0.5);
        Assert.Equal(1250, check.DueMs);
        check.Begin(1250);
        check.End(true, 1900, 0);
        Assert.Equal(2250, check.DueMs);
    }

    [Fact]
    public void A_check_that_took_longer_than_the_interval_is_followed_by_one_at_once()
    {
        var check = new HealthCheck(new HealthCheckOptions { IntervalMs = 1000, TimeoutMs = 60_000 }, 0);
        check.Begin(0);
        check.End(false, 5500, 0);
        Assert.Equal(5500, check.DueMs);
        check.Begin(5500);
        check.End(true, 5600, 0);
        Assert.Equal(6500, check.DueMs);
        Assert.Equal((HealthState.Healthy, 1L), (check.State, check.Falls));
    }

    [Fact]
    public void A_server_that_is_known_to_be_healthy_does_not_wait_for_its_first_pass()
    {
        var check = new HealthCheck(new HealthCheckOptions { IsMandatory = true, Fails = 2 }, 0);
        check.Trust();
        check.Begin(0);
        check.End(false, 0, 0);
        Assert.Equal(HealthState.Healthy, check.State);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void Options_that_mean_nothing_are_refused(int interval, int fails, int passes) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new HealthCheck(new HealthCheckOptions { IntervalMs = interval, Fails = fails, Passes = passes }, 0));
}
