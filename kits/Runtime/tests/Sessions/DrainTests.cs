namespace Microcosm.Runtime.Tests;

/// <summary>A session that pauses because its client does not read goes on when the client does.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_session_that_pauses_while_output_is_under_way_is_told_when_it_has_drained()
    {
        var executor = new NodeExecutor(new SerialCarrier(), "node");
        var factory = new WritingFactory();
        var far = new MemoryConnection("far", new NodeEndPoint("node", 7), new NodeEndPoint("client", 1));
        var served = new SessionConnectionHandler(executor, factory).RunAsync(far);
        await far.Arriving.WriteAsync(new byte[1]);
        // The first output is under way, and more than the pipe takes.
        far.Written.AdvanceTo((await far.Written.ReadAsync()).Buffer.Start);
        await far.Arriving.WriteAsync(new byte[1]);
        await factory.Paused.Task.WaitAsync(Patience);
        for (var left = WritingFactory.BytesTotal; left > 0;)
        {
            var read = await far.Written.ReadAsync().AsTask().WaitAsync(Patience);
            left -= read.Buffer.Length;
            far.Written.AdvanceTo(read.Buffer.End);
        }
        await factory.Drained.Task.WaitAsync(Patience);
        far.Abort();
        await served.WaitAsync(Patience);
    }

    // Writes 300 KB at the first input and 1,200 KB at the second, and pauses above 1 MiB.
    private sealed class WritingFactory : ISessionFactory
    {
        public const long BytesTotal = 1_500_000;

        public TaskCompletionSource Paused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Session Accept(SessionTransport transport) => new WritingSession(transport, this);
    }

    private sealed class WritingSession(SessionTransport transport, WritingFactory factory) : Session
    {
        private bool _isSecond;

        public override int Receive(ReadOnlySpan<byte> input)
        {
            transport.Output.Write(new byte[_isSecond ? 1_200_000 : 300_000]);
            transport.ReleaseAll();
            _isSecond = true;
            if (transport.PendingBytes > 1024 * 1024)
            {
                transport.PauseInput();
                factory.Paused.SetResult();
            }
            return input.Length;
        }

        public override void Drained()
        {
            transport.ResumeInput();
            factory.Drained.SetResult();
        }

        public override void Closed(Exception? error)
        {
        }
    }
}
