using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

public sealed class LoopClockTests
{
    public LoopClockTests()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
    }

    [Fact]
    public async Task A_turn_has_one_time_and_the_next_turn_another()
    {
        var real = new SteppedClock();
        await using var network = new LoopHttpNetwork(1, real);
        var worker = network.Workers[0];
        var first = await AskAsync();
        Assert.Equal((first.Before, first.BeforeUtc), (first.After, first.AfterUtc));
        var second = await AskAsync();
        Assert.True(second.Before > first.Before && second.BeforeUtc > first.BeforeUtc);

        Task<(long Before, DateTimeOffset BeforeUtc, long After, DateTimeOffset AfterUtc)> AskAsync()
        {
            var answer = new TaskCompletionSource<(long, DateTimeOffset, long, DateTimeOffset)>(
                TaskCreationOptions.RunContinuationsAsynchronously);
            worker.Executor.Post(
                _ => answer.SetResult((worker.Clock.GetTimestamp(), worker.Clock.GetUtcNow(),
                    worker.Clock.GetTimestamp(), worker.Clock.GetUtcNow())),
                null);
            return answer.Task;
        }
    }

    [Fact]
    public async Task Other_threads_see_the_time_that_it_is()
    {
        await using var network = new LoopHttpNetwork(1, new SteppedClock());
        var clock = network.Workers[0].Clock;
        Assert.True(clock.GetTimestamp() < clock.GetTimestamp());
        Assert.True(clock.GetUtcNow() < clock.GetUtcNow());
    }

    // Each look at it is later than the one before.
    private sealed class SteppedClock : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks);

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Interlocked.Increment(ref _looks));
    }
}
