namespace Microcosm.Nginx.Tests;

/// <summary>Requests of a location, counted.</summary>
public sealed class RequestCounterTests
{
    [Fact]
    public void A_rate_is_that_of_the_last_ten_seconds()
    {
        var counter = new RequestCounter();
        for (var second = 100; second < 105; second++)
            counter.Ended(200, 10, second);
        Assert.Equal(0.5, counter.Rate(105));
        Assert.Equal(0.5, counter.Rate(109));
        Assert.Equal(0.3, counter.Rate(111), 5);
        Assert.Equal(0, counter.Rate(114));
        counter.Ended(200, 10, 1_000_000);
        Assert.Equal(0.1, counter.Rate(1_000_000));
        Assert.Equal((6L, 60L), (counter.Requests, counter.Bytes));
    }

    [Theory]
    [InlineData(200, 0, 0)]
    [InlineData(304, 0, 0)]
    [InlineData(404, 1, 0)]
    [InlineData(499, 1, 0)]
    [InlineData(502, 0, 1)]
    public void Statuses_are_counted_by_whose_fault_they_are(int status, long refused, long failed)
    {
        var counter = new RequestCounter();
        counter.Ended(status, 0, 1);
        Assert.Equal((1L, refused, failed), (counter.Requests, counter.Refused, counter.Failed));
    }
}
