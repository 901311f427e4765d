using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Samples.Wire;

/// <summary>A node that answers lines on one port.</summary>
internal abstract class LineNode(NodeContext context) : Node(context), ISessionFactory
{
    /// <summary>The port of every sample.</summary>
    public const int Port = 7_000;

    /// <inheritdoc/>
    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        await RecoverAsync();
        await Context.Network.ListenAsync(Port, this, cancellation);
    }

    /// <summary>Reads the disk.</summary>
    protected abstract ValueTask RecoverAsync();

    /// <summary>Answers one request.</summary>
    protected abstract ValueTask<string?> HandleAsync(string[] words);

    /// <inheritdoc/>
    public Session? Accept(SessionTransport transport) => new LineSession(transport, HandleAsync);

    /// <inheritdoc/>
    public override ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
