namespace Microcosm.Simulation.Tests.Checking;

public class OtherModels
{
    private static Verdict Queue(string drawing) => LinearizabilityChecker.Check(new QueueModel(), Timeline.Queue(drawing)).Verdict;

    private static Verdict Lock(string drawing, bool leases = false) =>
        LinearizabilityChecker.Check(new LockModel(leases), Timeline.Lock(drawing)).Verdict;

    // Herlihy and Wing 1990, figure 1: H1 … H4.
    [Fact]
    public void Overlapping_enqueues_may_come_out_either_way() => Assert.Equal(Verdict.Linearizable, Queue("""
        [ex   ]         [dy]     [ez
           [ey   ] [dx       ]
        """));

    [Fact]
    public void A_queue_must_not_let_a_later_value_overtake() => Assert.Equal(Verdict.NotLinearizable, Queue("""
        [ex]       [dy]
             [ey]  
        """));

    [Fact]
    public void A_value_may_be_taken_before_its_enqueue_answers() => Assert.Equal(Verdict.Linearizable, Queue("""
        [ex     ]
          [dx ]
        """));

    [Fact]
    public void A_value_must_not_be_taken_twice() => Assert.Equal(Verdict.NotLinearizable, Queue("""
        [ex      ]        [dy]
           [ey       ] [dy      ]
        """));

    [Fact]
    public void A_queue_with_a_value_must_not_seem_empty() => Assert.Equal(Verdict.NotLinearizable, Queue("[ex] [d-]"));

    [Fact]
    public void A_free_lock_is_granted_and_a_held_one_is_refused() => Assert.Equal(Verdict.Linearizable, Lock("""
        [a1]        [r1+]
              [a-]         [a2]
        """));

    [Fact]
    public void A_held_lock_must_not_be_granted() => Assert.Equal(Verdict.NotLinearizable, Lock("""
        [a1]
              [a2]
        """));

    [Fact]
    public void A_lease_may_run_out_and_be_granted_again() => Assert.Equal(Verdict.Linearizable, Lock("""
        [a1]          [r1-]
              [a2]
        """, leases: true));

    [Fact]
    public void Fencing_tokens_must_ascend() => Assert.Equal(Verdict.NotLinearizable, Lock("""
        [a2]    [r2+]
                      [a2]
        """, leases: true));

    [Fact]
    public void A_lost_grant_uses_up_a_token() => Assert.Equal(Verdict.NotLinearizable, Lock("""
        [a1] [r1+]       
                    [a
                       [a-]   
                             [a-]
        [a4
        """.Replace("[a4", "                                [r1+]", StringComparison.Ordinal)));

    [Fact]
    public void A_release_without_a_grant_must_not_succeed() => Assert.Equal(Verdict.NotLinearizable, Lock("[r1+]"));

    [Fact]
    public void Counter_answers_must_be_distinct_sums()
    {
        var history = new History<CounterInput, long>();
        var a = history.Call(1, new CounterInput("n", 1));
        var b = history.Call(2, new CounterInput("n", 1));
        history.Answer(a, 1);
        history.Answer(b, 1);
        Assert.Equal(Verdict.NotLinearizable, LinearizabilityChecker.Check(new CounterModel(), history).Verdict);
    }

    [Fact]
    public void A_retried_increment_that_counted_twice_is_found()
    {
        var history = new History<CounterInput, long>();
        history.Answer(history.Call(1, new CounterInput("n", 1)), 2);
        Assert.Equal(Verdict.NotLinearizable, LinearizabilityChecker.Check(new CounterModel(), history).Verdict);
    }

    [Fact]
    public void A_list_read_must_show_finished_appends_in_their_order()
    {
        Assert.Equal(Verdict.Linearizable, Appends("1", "2"));
        Assert.Equal(Verdict.NotLinearizable, Appends("2", "1"));
        Assert.Equal(Verdict.NotLinearizable, Appends("1"));
        Assert.Equal(Verdict.NotLinearizable, Appends("1", "2", "2"));
    }

    private static Verdict Appends(params string[] read)
    {
        var history = new History<ListInput, IReadOnlyList<string>>();
        history.Answer(history.Call(1, new ListInput("l", "1")), []);
        history.Answer(history.Call(2, new ListInput("l", "2")), []);
        history.Answer(history.Call(1, new ListInput("l")), read);
        return LinearizabilityChecker.Check(new ListModel(), history).Verdict;
    }
}
