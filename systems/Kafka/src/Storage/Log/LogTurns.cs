namespace Microcosm.Kafka;

/// <summary>Changes of a log's files, one after the other, in the order in which they were asked for.</summary>
internal sealed class LogTurns
{
    private Task _last = Task.CompletedTask;

    /// <summary>Carries <paramref name="work"/> out when those before it are done, whether they failed or not.</summary>
    public async ValueTask RunAsync(Func<ValueTask> work)
    {
        var done = new TaskCompletionSource();
        var before = _last;
        _last = done.Task;
        await before;
        try
        {
            await work();
        }
        finally
        {
            done.SetResult();
        }
    }
}
