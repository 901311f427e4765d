using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>A socket for messages in memory.</summary>
internal sealed class TestDatagrams(IPEndPoint remote, IDatagramHandler handler) : IDatagrams
{
    public IPEndPoint Remote { get; } = remote;

    public List<byte[]> Sent { get; } = [];

    public bool IsClosed { get; private set; }

    public void Send(ReadOnlySpan<byte> message) => Sent.Add(message.ToArray());

    public void Close() => IsClosed = true;

    public void Answer(ReadOnlySpan<byte> message)
    {
        if (!IsClosed)
            handler.Received(message);
    }
}
