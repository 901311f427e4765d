namespace Microcosm.Simulation.Tests.Checking;

/// <summary>
/// Small register histories whose verdict is known: Lamport 1986 (new-old inversion), Herlihy and Wing 1990, Porcupine's and Jepsen's
/// cases.
/// </summary>
public class RegisterHistories
{
    private static void Holds(string drawing) => Assert.Equal(Verdict.Linearizable, Verdict_of(drawing));

    private static void Breaks(string drawing) => Assert.Equal(Verdict.NotLinearizable, Verdict_of(drawing));

    private static Verdict Verdict_of(string drawing) =>
        LinearizabilityChecker.Check(new RegisterModel(), Timeline.Register(drawing)).Verdict;

    [Fact]
    public void An_empty_history_is_linearizable() => Holds("");

    [Fact]
    public void A_read_sees_the_write_before_it() => Holds("""
        [w1]
              [r1]
        """);

    [Fact]
    public void A_read_may_see_a_write_that_is_under_way() => Holds("""
        [w1          ]
           [r1]
        """);

    [Fact]
    public void A_read_may_miss_a_write_that_is_under_way() => Holds("""
        [w1          ]
           [r-]
        """);

    [Fact]
    public void A_read_must_not_miss_a_finished_write() => Breaks("""
        [w1]
              [r-]
        """);

    [Fact]
    public void Reads_must_not_go_back_while_a_write_is_under_way() => Breaks("""
        [w1                ]
           [r1]  
                  [r-]
        """);

    [Fact]
    public void Two_overlapping_reads_may_disagree_about_a_write_under_way() => Holds("""
        [w1                ]
           [r1     ]
              [r-     ]
        """);

    [Fact]
    public void A_read_must_not_see_an_overwritten_value() => Breaks("""
        [w1]   [w2]
                     [r1]
        """);

    [Fact]
    public void Readers_must_agree_on_the_order_of_two_writes() => Breaks("""
        [w1      ]
         [w2      ]
                     [r1]      
                           [r2]
        """);

    [Fact]
    public void A_read_must_not_see_a_value_from_nowhere() => Breaks("""
        [w1]   
              [r7]
        """);

    [Fact]
    public void A_read_must_not_see_a_write_that_begins_later() => Breaks("""
        [r1]
              [w1]
        """);

    [Fact]
    public void A_write_of_unknown_outcome_may_take_effect_late() => Holds("""
        [w1
           [r-]  [r-]   [r1]
        """);

    [Fact]
    public void A_write_of_unknown_outcome_may_never_take_effect() => Holds("""
        [w1
           [w2]  [r2]   [r2]
        """);

    [Fact]
    public void A_write_of_unknown_outcome_takes_effect_once() => Breaks("""
        [w1
           [r1]  [w2]  [r2]  [r1]
        """);

    [Fact]
    public void A_read_that_was_never_answered_binds_nobody() => Holds("""
        [w1]     [r1]
            [r7
        """);

    [Fact]
    public void Of_two_swaps_of_one_value_one_succeeds() => Holds("""
        [w1]  [c1>2+   ]
                 [c1>3-   ]
        """);

    [Fact]
    public void Two_swaps_of_one_value_must_not_both_succeed() => Breaks("""
        [w1]  [c1>2+   ]
                 [c1>3+   ]
        """);

    [Fact]
    public void A_swap_must_not_fail_for_no_reason() => Breaks("""
        [w1]  [c1>2-]
        """);

    [Fact]
    public void A_swap_of_unknown_outcome_can_explain_a_later_value() => Holds("""
        [w1]  
              [c1>2
                     [r2]
        """);
}
