using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Checking;

public class Explanations
{
    [Fact]
    public void A_stale_read_is_explained_by_the_two_writes_and_the_read()
    {
        var result = LinearizabilityChecker.Check(new RegisterModel(), Timeline.Register("""
            [w5] [w6]  [r6]                 [w1]      [w2]           [r2]
                            [c6>7+] [c7>8+]                    [r1]     
                      [w9
            """));
        Assert.Equal("""
            key 'x': no order of operations explains the answer of operation 8 (answer 8 of 9).
            These contradict each other:
              0.012 s … 0.013 s         client 1   write(1) → ok
              0.014 s … 0.015 s         client 1   write(2) → ok
              0.016 s … 0.017 s         client 2   read() → 1  ← inexplicable
            Longest order that explains what was answered before: 7 operations:
              0.001 s … 0.002 s         client 1   write(5) → ok  state 5
              0.003 s … 0.004 s         client 1   write(6) → ok  state 6
              0.006 s … 0.007 s         client 1   read() → 6  state 6
              0.008 s … 0.009 s         client 2   cas(6, 7) → swapped  state 7
              0.010 s … 0.011 s         client 2   cas(7, 8) → swapped  state 8
              0.012 s … 0.013 s         client 1   write(1) → ok  state 1
              0.014 s … 0.015 s         client 1   write(2) → ok  state 2
            Open at that time and not in this order: 1
              0.005 s … ?               client 3   write(9) → ?
            """, result.Explanation.ReplaceLineEndings());
    }

    [Fact]
    public void One_bad_key_is_found_among_good_ones()
    {
        var history = new History<RegisterInput, RegisterOutput>();
        foreach (var key in new[] { "a", "b", "c" })
        {
            history.Answer(history.Call(1, RegisterInput.Write(key, "1")), default);
            history.Answer(history.Call(1, RegisterInput.Read(key)), new RegisterOutput(key == "b" ? null : "1"));
        }
        var result = LinearizabilityChecker.Check(new RegisterModel(), history);
        Assert.Equal((Verdict.NotLinearizable, "b"), (result.Verdict, result.Key));
    }

    [Fact]
    public void A_search_that_runs_out_of_steps_says_so()
    {
        // Twelve overlapping writes and a read that none explains: 12! orders without memory.
        var history = new History<RegisterInput, RegisterOutput>();
        var writes = Enumerable.Range(0, 12).Select(i => history.Call(i, RegisterInput.Write("x", $"{i}"))).ToList();
        writes.ForEach(w => history.Answer(w, default));
        history.Answer(history.Call(1, RegisterInput.Read("x")), new RegisterOutput("none of them"));
        Assert.Equal(Verdict.Undecided, LinearizabilityChecker.Check(new RegisterModel(), history, stepsMax: 1_000).Verdict);
        Assert.Equal(Verdict.NotLinearizable, LinearizabilityChecker.Check(new RegisterModel(), history).Verdict);
    }

    [Fact]
    public void Memory_of_configurations_keeps_the_search_small()
    {
        var history = new History<RegisterInput, RegisterOutput>();
        var writes = Enumerable.Range(0, 12).Select(i => history.Call(i, RegisterInput.Write("x", $"{i}"))).ToList();
        writes.ForEach(w => history.Answer(w, default));
        history.Answer(history.Call(1, RegisterInput.Read("x")), new RegisterOutput("none of them"));
        // Configurations: 2^12 sets times at most 12 last writes, each stepped by at most 12 calls.
        Assert.InRange(LinearizabilityChecker.Check(new RegisterModel(), history).Steps, 1, 4_096 * 12 * 12);
    }

    [Fact]
    public void Long_histories_of_many_clients_take_few_steps()
    {
        var history = new History<RegisterInput, RegisterOutput>();
        var random = new RandomStream(7);
        string? state = null;
        var open = new Dictionary<int, HistoryOperation<RegisterInput, RegisterOutput>>();
        for (var i = 0; i < 10_000; i++)
        {
            var client = random.Next(6);
            if (open.Remove(client, out var operation))
            {
                state = operation.Input.Call == RegisterCall.Write ? operation.Input.Value : state;
                history.Answer(operation, new RegisterOutput(state));
            }
            else
            {
                open[client] = history.Call(client, random.Chance(0.5) ? RegisterInput.Write("x", $"{i}") : RegisterInput.Read("x"));
            }
        }
        var result = LinearizabilityChecker.Check(new RegisterModel(), history);
        Assert.Equal(Verdict.Linearizable, result.Verdict);
        Assert.InRange(result.Steps, 4_000, 400_000);
    }
}
