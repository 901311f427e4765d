using System.Net;

namespace Microcosm.Runtime;

/// <summary>Who has sent to a socket on a loop.</summary>
/// <param name="listener">Of the socket.</param>
/// <param name="key">The other's address as the system has it, and behind that the own one where there are several.</param>
/// <param name="remoteBytes">Length of the first part.</param>
internal sealed class LoopDatagramPeer(LoopDatagramListener listener, byte[] key, int remoteBytes, long id) : IDatagramPeer
{
    private const int ConnectionReset = 104;

    private bool _isPaused;
    private bool _isClosed;

    public byte[] Key => key;

    public IDatagramHandler? Handler { get; set; }

    public long Id => id;

    public EndPoint Remote { get; } = SocketAddresses.Read(key.AsSpan(0, remoteBytes));

    public EndPoint Local => field ??= key.Length == remoteBytes ? listener.Address
        : new IPEndPoint(new IPAddress(key.AsSpan(remoteBytes)), ((IPEndPoint)listener.Address).Port);

    public void Show(ReadOnlySpan<byte> message)
    {
        if (!_isPaused && !_isClosed)
            Handler?.Received(message);
    }

    public int Send(ReadOnlySpan<byte> message) => _isClosed ? ConnectionReset
        : listener.Send(message, key.AsSpan(0, remoteBytes), key.AsSpan(remoteBytes));

    public void PauseInput() => _isPaused = true;

    public void ResumeInput() => _isPaused = false;

    public void Leave() => listener.Leave(this);

    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        listener.Closed(this);
    }
}
