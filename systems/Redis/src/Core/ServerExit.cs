using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// SHUTDOWN: the disk gets what is owed to it, then the node asks to be stopped. Redis does this in one go; here the disk takes its time,
/// and meanwhile no client is heard, so that nothing is acknowledged that the last snapshot has not.
/// </summary>
internal sealed class ServerExit(RedisServer server)
{
    /// <summary>True from SHUTDOWN on until the node has ended or the disk has refused.</summary>
    public bool IsUnderWay { get; private set; }

    /// <param name="client">Who asked; answered only where it fails.</param>
    /// <param name="save">True or false to take the keys or not; null as there are save points or none.</param>
    /// <param name="force">Ends even if the disk takes nothing.</param>
    public void Begin(RedisClient client, bool? save, bool force)
    {
        Say("User requested shutdown...");
        IsUnderWay = true;
        var answer = server.Await(client);
        server.Persistence!.ShutDown(save, force, isDone =>
        {
            if (isDone)
                End();
            else
                GoOn(answer);
        });
    }

    private void End()
    {
        Say("Redis is now ready to exit, bye bye...");
        foreach (var client in server.Clients.Values.ToArray())
            client.Transport?.Close();
        server.Context.Stop();
    }

    private void GoOn(Action<Action<RespWriter>> answer)
    {
        Say("Errors trying to shut down the server. Check the logs for more information.");
        IsUnderWay = false;
        answer(reply => reply.Error("ERR Errors trying to SHUTDOWN. Check logs."));
        // Those that wait for something else are heard when they have it.
        foreach (var client in server.Clients.Values)
        {
            if (client.Blocked is null && client.HeldUntilMs == 0)
                client.Transport?.ResumeInput();
        }
    }

    private void Say(string line) => server.Context.Log.Write(LogSeverity.Warning, line);
}
