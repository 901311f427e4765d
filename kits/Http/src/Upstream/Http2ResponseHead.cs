using System.Globalization;
using System.Text;

namespace Microcosm.Http;

/// <summary>Collects the fields of a response, or of its trailers, from a header block. What is malformed ends the exchange at once, and
/// its connection with it: nothing depends on the tables any more.</summary>
internal sealed class Http2ResponseHead(HeaderList headers, int headersMax, bool isTrailers) : IHeaderSink
{
    /// <summary>0 where there was none.</summary>
    public int Status { get; private set; }

    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty)
            throw Fault("upstream sent zero http2 header name length");
        if (!IsName(name) || value.IndexOfAny((byte)0, (byte)'\r', (byte)'\n') >= 0)
            throw Fault($"upstream sent invalid header: {Text(name, value)}");
        if (name[0] == (byte)':')
            TakePseudo(name, value);
        else if (!isTrailers && Status == 0)
            throw Fault("upstream sent no :status header");
        else if (headers.Count == headersMax)
            throw Fault("upstream sent too big header");
        else
            headers.Add(name, value);
    }

    /// <summary>The block is whole.</summary>
    public void End()
    {
        if (!isTrailers && Status == 0)
            throw Fault("upstream sent no :status header");
    }

    private void TakePseudo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (isTrailers)
            throw Fault($"upstream sent invalid trailer {Text(name, value)}");
        if (!name.SequenceEqual(":status"u8))
            throw Fault($"upstream sent invalid header {Text(name, value)}");
        if (Status != 0)
            throw Fault("upstream sent duplicate :status header");
        if (value.Length != 3 || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw Fault($"upstream sent invalid :status \"{Encoding.Latin1.GetString(value)}\"");
        // RFC 9113 8.6: there are no upgrades.
        if (status is < 100 or 101)
            throw Fault($"upstream sent unexpected :status \"{Encoding.Latin1.GetString(value)}\"");
        Status = status;
    }

    // RFC 9113 8.2.1.
    private static bool IsName(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] is <= (byte)' ' or 0x7f or (>= (byte)'A' and <= (byte)'Z') || (name[i] == (byte)':' && i > 0))
                return false;
        }
        return true;
    }

    private static string Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        $"\"{Encoding.Latin1.GetString(name)}: {Encoding.Latin1.GetString(value)}\"";

    private static Http2ConnectionException Fault(string words) => new(Http2ErrorCode.ProtocolError, words);
}
