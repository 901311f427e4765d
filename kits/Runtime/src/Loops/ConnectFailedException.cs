using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>A connection was not opened.</summary>
public sealed class ConnectFailedException(int errno) : SocketException((int)Of(errno))
{
    /// <summary>The system's number, as peers log it: 111 for a refused connection on Linux.</summary>
    public int Errno { get; } = errno;

    /// <inheritdoc/>
    public override string Message { get; } = Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>The system's number of what .NET calls so.</summary>
    public static int ErrnoOf(SocketError error) => error switch
    {
        SocketError.AccessDenied => 13,
        SocketError.AddressAlreadyInUse => 98,
        SocketError.AddressNotAvailable => 99,
        SocketError.NetworkUnreachable => 101,
        SocketError.ConnectionReset => 104,
        SocketError.TimedOut => 110,
        SocketError.HostUnreachable => 113,
        _ => 111,
    };

    private static SocketError Of(int errno) => errno switch
    {
        13 or 1 => SocketError.AccessDenied,
        24 or 23 => SocketError.TooManyOpenSockets,
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 or 2 => SocketError.AddressNotAvailable,
        101 => SocketError.NetworkUnreachable,
        104 => SocketError.ConnectionReset,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
