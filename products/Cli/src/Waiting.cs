using Spectre.Console;

namespace Microcosm.Cli;

/// <summary>
/// Shows on a terminal that something goes on, once it has taken a second. Goes to standard error, so that output can be piped.
/// </summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Waits for <paramref name="work"/>, with a spinner.</summary>
    public static async Task<T> ShowAsync<T>(string text, Task<T> work)
    {
        if (Console.IsErrorRedirected || await IsQuickAsync(work))
            return await work;
        return await SpinAsync(text, work);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on a thread of its own, with a bar of what it says is done of <paramref name="total"/>.
    /// </summary>
    public static async Task<T> ShowAsync<T>(string text, int total, Func<Action<int>, T> work)
    {
        var done = 0;
        var result = Task.Factory.StartNew(() => work(n => Volatile.Write(ref done, n)), TaskCreationOptions.LongRunning);
        if (Console.IsErrorRedirected || await IsQuickAsync(result))
            return await result;
        await Terminal().Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask(text, maxValue: total);
            do
                bar.Value = Volatile.Read(ref done);
            while (!await IsDoneWithinAsync(result, TimeSpan.FromMilliseconds(100)));
        });
        return await result;
    }

    // Apart, so that what is quick never loads the library that draws.
    private static Task<T> SpinAsync<T>(string text, Task<T> work) => Terminal().Status().StartAsync(text, _ => work);

    private static Task<bool> IsQuickAsync(Task work) => IsDoneWithinAsync(work, Patience);

    private static async Task<bool> IsDoneWithinAsync(Task work, TimeSpan time)
    {
        using var enough = new CancellationTokenSource();
        var isDone = await Task.WhenAny(work, Task.Delay(time, TimeProvider.System, enough.Token)) == work;
        await enough.CancelAsync();
        return isDone;
    }

    private static IAnsiConsole Terminal() =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
}
