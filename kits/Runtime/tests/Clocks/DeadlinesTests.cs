namespace Microcosm.Runtime.Tests;

/// <summary>Deadlines expire in time, once, and what was moved or cleared does not.</summary>
public sealed class DeadlinesTests : IDisposable
{
    private readonly WorldClock _clock = new(null, DateTimeOffset.UnixEpoch);
    private readonly Deadlines _deadlines;
    private readonly List<string> _expired = [];

    public DeadlinesTests() => _deadlines = new Deadlines(_clock);

    public void Dispose()
    {
        _deadlines.Dispose();
        _clock.Dispose();
    }

    [Fact]
    public void They_expire_in_the_order_of_their_times_and_never_early()
    {
        foreach (var ms in (int[])[500, 20, 300, 1, 1000])
            _deadlines.Set(New($"{ms}"), ms);
        Advance(19);
        Assert.Equal(["1"], _expired);
        Advance(1);
        Assert.Equal(["1", "20"], _expired);
        Advance(980);
        Assert.Equal(["1", "20", "300", "500", "1000"], _expired);
        Assert.Equal(0, _deadlines.Count);
    }

    [Fact]
    public void One_that_is_moved_expires_at_the_last_time_only()
    {
        var one = New("one");
        _deadlines.Set(one, 100);
        _deadlines.Set(one, 1000);
        Advance(999);
        Assert.Empty(_expired);
        _deadlines.Set(one, 5);
        Advance(5);
        Assert.Equal(["one"], _expired);
        Advance(5000);
        Assert.Equal(["one"], _expired);
    }

    [Fact]
    public void One_that_is_cleared_or_removed_does_not_expire_and_may_be_set_again()
    {
        var (cleared, removed) = (New("cleared"), New("removed"));
        _deadlines.Set(cleared, 100);
        _deadlines.Set(removed, 100);
        _deadlines.Clear(cleared);
        _deadlines.Remove(removed);
        Assert.False(cleared.IsSet);
        Assert.Equal(1, _deadlines.Count);
        Advance(200);
        Assert.Empty(_expired);
        Assert.Equal(0, _deadlines.Count);
        _deadlines.Set(cleared, 10);
        Advance(10);
        Assert.Equal(["cleared"], _expired);
    }

    [Fact]
    public void One_may_be_set_again_as_it_expires()
    {
        var count = 0;
        Callback? again = null;
        again = new Callback(() =>
        {
            if (++count < 3)
                _deadlines.Set(again!, 10);
        });
        _deadlines.Set(again, 10);
        Advance(29);
        Assert.Equal(2, count);
        Advance(100);
        Assert.Equal(3, count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_thousand_that_are_moved_about_expire_as_a_plain_list_says(int seed)
    {
        var random = new Random(seed);
        var due = new long[1000];
        var expired = new List<int>();
        var all = Enumerable.Range(0, due.Length).Select(i => new Callback(() => expired.Add(i))).ToArray();
        Array.Fill(due, long.MaxValue);
        for (var now = 0L; now < 2000; now++)
        {
            for (var i = 0; i < 20; i++)
            {
                var which = random.Next(all.Length);
                var after = random.Next(1, 300);
                switch (random.Next(5))
                {
                    case 0:
                        _deadlines.Clear(all[which]);
                        due[which] = long.MaxValue;
                        break;
                    case 1:
                        _deadlines.Remove(all[which]);
                        due[which] = long.MaxValue;
                        break;
                    default:
                        _deadlines.Set(all[which], after);
                        due[which] = now + after;
                        break;
                }
            }
            Advance(1);
            Assert.Equal(Enumerable.Range(0, due.Length).Where(i => due[i] == now + 1), expired.Order());
            foreach (var i in expired)
                due[i] = long.MaxValue;
            expired.Clear();
        }
    }

    private Callback New(string name) => new(() => _expired.Add(name));

    private void Advance(int ms) => _clock.Advance(TimeSpan.FromMilliseconds(ms));

    private sealed class Callback(Action action) : Deadline
    {
        protected internal override void Expired() => action();
    }
}
