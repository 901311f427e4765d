using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>A worker whose time and turns are the test's.</summary>
internal sealed class TestWorker : HttpWorker
{
    private TestWorker(TestCarrier carrier, WorldClock clock, NodeExecutor executor)
        : base(executor, clock, 0)
    {
        (Carrier, Time) = (carrier, clock);
    }

    public TestCarrier Carrier { get; }

    public WorldClock Time { get; }

    /// <summary>What is to be told of attempts to connect; the test answers them.</summary>
    public Queue<(EndPoint Remote, IConnectHandler Handler)> Attempts { get; } = new();

    /// <summary>Sockets for messages that were opened; the test answers what was sent.</summary>
    public List<TestDatagrams> Datagrams { get; } = [];

    /// <summary>Connections only.</summary>
    public bool HasNoDatagrams { get; set; }

    public static TestWorker New()
    {
        var carrier = new TestCarrier();
        return new TestWorker(carrier, new WorldClock(null, new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            new NodeExecutor(carrier, "test") { Unhandled = static e => throw new InvalidOperationException("unhandled", e) });
    }

    public override IPendingConnect Connect(EndPoint remote, ConnectOptions options, IConnectHandler handler)
    {
        Attempts.Enqueue((remote, handler));
        return new Pending();
    }

    public override IDatagrams? OpenDatagrams(EndPoint remote, ConnectOptions options, IDatagramHandler handler, out int errno)
    {
        errno = 0;
        if (HasNoDatagrams)
            return null;
        Datagrams.Add(new TestDatagrams((IPEndPoint)remote, handler));
        return Datagrams[^1];
    }

    /// <summary>Lets time pass, and what is due happen.</summary>
    public void Advance(long ms)
    {
        Time.Advance(TimeSpan.FromMilliseconds(ms));
        Carrier.Run();
    }

    private sealed class Pending : IPendingConnect
    {
        public void Cancel()
        {
        }
    }
}
