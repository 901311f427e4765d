namespace Microcosm.Http.Tests;

/// <summary>A server's connection in memory, for tests.</summary>
public abstract class ServerTest
{
    private protected TestWorker Worker { get; } = TestWorker.New();

    private protected TestApplication Application { get; } = new();

    private protected TestTransport Transport { get; private set; } = null!;

    private protected Http1Connection Connection { get; private set; } = null!;

    private protected void Open(HttpServerOptions? options = null)
    {
        Transport = new TestTransport(Worker.Executor);
        Connection = new Http1Connection(Worker, Transport, Application, options ?? HttpServerOptions.Default);
        Transport.Session = Connection;
    }

    /// <summary>Sends, lets the server turn, and gives what it sent back.</summary>
    private protected string Ask(string request)
    {
        if (Transport is null)
            Open();
        Transport!.Send(request);
        return Turn();
    }

    private protected string Turn()
    {
        Worker.Carrier.Run();
        var sent = Transport.TakeSent();
        Worker.Carrier.Run();
        return sent + Transport.TakeSent();
    }

    private protected void Happened(params string[] events)
    {
        Assert.Equal(events, Application.Events);
        Application.Events.Clear();
    }
}
