using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Checking;

/// <summary>The checker against the definition: thousands of small random histories, good and bad in turn.</summary>
public class RandomHistories
{
    private const int Histories = 6_000;

    [Fact]
    public void Registers_agree_with_brute_force() => Compare(new RegisterModel(), (random, run) =>
    {
        var values = new[] { "1", "2", "3" };
        var input = random.Next(3) switch
        {
            0 => RegisterInput.Read("x"),
            1 => RegisterInput.Write("x", random.Pick(values)),
            _ => RegisterInput.CompareAndSet("x", random.Pick(values), random.Pick(values)),
        };
        return (input, () => input.Call switch
        {
            RegisterCall.Read => new RegisterOutput(random.Chance(0.2) ? random.Pick(values) : run.State),
            RegisterCall.CompareAndSet => new RegisterOutput(Swapped: random.Chance(0.1) || run.State == input.Expected),
            _ => default,
        });
    });

    [Fact]
    public void Queues_agree_with_brute_force()
    {
        var count = 0;
        Compare(new QueueModel(), (random, run) =>
        {
            var input = new QueueInput("q", random.Chance(0.5) ? $"{count++ % 4}" : null);
            return (input, () => random.Chance(0.15) ? $"{random.Next(4)}" : run.State.IsEmpty ? null : run.State[0]);
        });
    }

    [Fact]
    public void Locks_agree_with_brute_force() => Compare(new LockModel(), (random, run) =>
    {
        var input = random.Chance(0.6) ? LockInput.Acquire("l") : LockInput.Release("l", run.State.Token);
        return (input, () => input.Call == LockCall.Acquire
            ? run.State.Holder < 0 || random.Chance(0.1) ? run.State.Token + random.Next(3) : null
            : run.State.Holder >= 0 || random.Chance(0.1) ? input.Token : null);
    });

    [Fact]
    public void Counters_agree_with_brute_force() => Compare(new CounterModel(), (random, run) =>
    {
        var input = new CounterInput("n", random.Next(3));
        return (input, () => run.State + (random.Chance(0.1) ? random.Next(3) : input.Add));
    });

    private sealed class Run<TState>(TState state)
    {
        public TState State { get; set; } = state;
    }

    // An operation takes effect at its answer, on a true state, and now and then answers nonsense.
    private static void Compare<TState, TInput, TOutput>(
        IModel<TState, TInput, TOutput> model, Func<RandomStream, Run<TState>, (TInput Input, Func<TOutput> Output)> draw)
    {
        var verdicts = new int[2];
        for (var i = 0; i < Histories; i++)
        {
            var random = new RandomStream((ulong)i);
            var history = Draw(model, random, draw);
            var expected = BruteForce.IsLinearizable(model, history);
            var actual = LinearizabilityChecker.Check(model, history);
            Assert.True(expected == (actual.Verdict == Verdict.Linearizable),
                $"history {i}: brute force says {expected}\n{actual.Explanation}");
            verdicts[expected ? 1 : 0]++;
        }
        Assert.All(verdicts, count => Assert.True(count > Histories / 10, $"one-sided: {verdicts[0]} bad, {verdicts[1]} good"));
    }

    private static History<TInput, TOutput> Draw<TState, TInput, TOutput>(
        IModel<TState, TInput, TOutput> model, RandomStream random, Func<RandomStream, Run<TState>, (TInput Input,
            Func<TOutput> Output)> draw)
    {
        var history = new History<TInput, TOutput>();
        var run = new Run<TState>(model.Initial);
        var open = new Dictionary<int, (HistoryOperation<TInput, TOutput> Operation, Func<TOutput> Output)>();
        for (var calls = 0; calls < 6 || open.Count > 0;)
        {
            var client = random.Next(3);
            if (!open.Remove(client, out var pending))
            {
                if (calls++ >= 6)
                    continue;
                var (input, output) = draw(random, run);
                open.Add(client, (history.Call(client, input), output));
                continue;
            }
            var lost = random.Chance(0.15);
            if (!lost)
                history.Answer(pending.Operation, pending.Output());
            if ((!lost || random.Chance(0.5)) && model.Step(run.State, pending.Operation, out var next))
                run.State = next;
        }
        return history;
    }
}
