using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>A socket for messages in memory.</summary>
internal sealed class TestDatagrams(IPEndPoint remote, IDatagramHandler handler) : IDatagrams
{
    public IPEndPoint Remote { get; } = remote;

    public List<byte[]> Sent { get; } = [];

    public bool IsClosed { get; private set; }

    EndPoint IDatagrams.Local => new IPEndPoint(IPAddress.Loopback, 0);

    EndPoint IDatagrams.Remote => Remote;

    public int Send(ReadOnlySpan<byte> message)
    {
        Sent.Add(message.ToArray());
        return 0;
    }

    public void PauseInput()
    {
    }

    public void ResumeInput()
    {
    }

    public void Close() => IsClosed = true;

    public void Answer(ReadOnlySpan<byte> message)
    {
        if (!IsClosed)
            handler.Received(message);
    }
}
