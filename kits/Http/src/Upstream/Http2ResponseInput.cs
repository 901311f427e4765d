namespace Microcosm.Http;

/// <summary>
/// A response on its stream (ngx_http_proxy_v2_process_frames): its head or trailers in as many frames as they come in, its body frame by
/// frame. Invariants: while a header block is not whole nothing else is taken; a body of a length is not longer; what is done takes
/// nothing more. What breaks them throws <see cref="Http2ConnectionException"/>, in nginx' words.
/// </summary>
internal sealed class Http2ResponseInput
{
    // The server may send without being asked: who takes it slowly leaves it with the kernel.
    private const int WindowMin = Http2Frame.WindowMax / 4;

    private readonly HpackDecoder _hpack = new(tableBytesMax: 0);
    private ByteQueue _block;
    private bool _blockEndsStream;
    private bool _dataEndsStream;
    private int _window = Http2Frame.WindowMax;
    private int _streamWindow;
    private int _padding;
    private long _left;

    /// <summary>The head came, and is no interim one.</summary>
    public bool HasHead { get; private set; }

    /// <summary>The last frame came.</summary>
    public bool IsDone { get; private set; }

    /// <summary>A header block is not whole.</summary>
    public bool IsInBlock { get; private set; }

    /// <summary>Bytes of a DATA frame that are still to come, without its padding.</summary>
    public int DataLeft { get; private set; }

    /// <summary>A DATA frame is not whole.</summary>
    public bool IsInData => DataLeft > 0 || _padding > 0;

    /// <summary>It is done, and shorter than its head said.</summary>
    public bool IsCutOff => IsDone && _left > 0;

    /// <summary>Another response is to come.</summary>
    public void Begin()
    {
        (HasHead, IsDone, IsInBlock, DataLeft, _padding, _left) = (false, false, false, 0, 0, -1);
        _streamWindow = Http2Frame.WindowMax;
        _block.Clear();
    }

    /// <summary>Gives memory back.</summary>
    public void Clear() => _block.Clear();

    /// <summary>Takes a HEADERS frame. True: the block is whole.</summary>
    public bool BeginBlock(Http2Frame frame, ReadOnlySpan<byte> content, int bytesMax)
    {
        var padding = 0;
        var start = (frame.Has(Http2Flags.Padded) ? 1 : 0) + (frame.Has(Http2Flags.Priority) ? Http2Dependency.Bytes : 0);
        if (content.Length < start)
            throw Fault($"upstream sent headers frame with invalid length: {frame.Length}");
        if (frame.Has(Http2Flags.Padded))
            padding = PaddingOf(content[0], content.Length - start);
        _blockEndsStream = frame.Has(Http2Flags.EndStream);
        return AddToBlock(frame, content[start..^padding], bytesMax);
    }

    /// <summary>Takes a CONTINUATION frame, or the rest of HEADERS. True: the block is whole.</summary>
    public bool AddToBlock(Http2Frame frame, ReadOnlySpan<byte> content, int bytesMax)
    {
        if (_block.Length + content.Length > bytesMax)
            throw Fault("upstream sent too big header");
        _block.Add(content);
        IsInBlock = !frame.Has(Http2Flags.EndHeaders);
        return !IsInBlock;
    }

    /// <summary>Decodes a whole block into the head; what is in an interim one is given back by whoever takes it.</summary>
    /// <returns>The status, and whether the stream ends with it.</returns>
    public (int Status, bool EndsStream) TakeHead(HeaderList headers, int headersMax)
    {
        var status = Decode(headers, headersMax, isTrailers: false);
        HasHead = status >= 200;
        if (!HasHead && _blockEndsStream)
            throw Fault("upstream prematurely closed stream");
        IsDone = _blockEndsStream;
        return (status, _blockEndsStream);
    }

    /// <summary>Decodes a whole block into the trailers.</summary>
    public void TakeTrailers(HeaderList trailers, int headersMax)
    {
        Decode(trailers, headersMax, isTrailers: true);
        if (!_blockEndsStream)
            throw Fault("upstream sent trailer without end stream flag");
        IsDone = true;
    }

    /// <summary>The body will have so many bytes; -1 where that is not known.</summary>
    public void Expect(long length) => _left = length;

    /// <summary>Takes the beginning of a DATA frame: all but its data and padding. True: the windows want to be opened again.</summary>
    /// <param name="padding">Its first byte, where it is padded; empty otherwise.</param>
    public bool BeginData(Http2Frame frame, ReadOnlySpan<byte> padding)
    {
        if (frame.Length > _streamWindow)
            throw Fault($"upstream violated stream flow control, received {frame.Length} data frame with window {_streamWindow}");
        if (frame.Length > _window)
            throw Fault($"upstream violated connection flow control, received {frame.Length} data frame with window {_window}");
        if (frame.Has(Http2Flags.Padded) && padding.IsEmpty)
            throw Fault("upstream sent too short http2 frame");
        (_window, _streamWindow) = (_window - frame.Length, _streamWindow - frame.Length);
        _padding = padding.IsEmpty ? 0 : PaddingOf(padding[0], frame.Length - 1);
        DataLeft = frame.Length - padding.Length - _padding;
        if (_left >= 0 && DataLeft > _left)
            throw Fault("upstream sent response body larger than indicated content length");
        _left -= _left >= 0 ? DataLeft : 0;
        _dataEndsStream = frame.Has(Http2Flags.EndStream);
        IsDone = _dataEndsStream && !IsInData;
        return Math.Min(_window, _streamWindow) < WindowMin;
    }

    /// <summary>The windows are open again; returns by how much each.</summary>
    public (int Connection, int Stream) OpenWindows()
    {
        var opened = (Http2Frame.WindowMax - _window, Http2Frame.WindowMax - _streamWindow);
        (_window, _streamWindow) = (Http2Frame.WindowMax, Http2Frame.WindowMax);
        return opened;
    }

    /// <summary>So many bytes of the data were taken, or of the padding behind it.</summary>
    public void TakeData(int count)
    {
        if (DataLeft > 0)
            DataLeft -= count;
        else
            _padding -= count;
        IsDone = _dataEndsStream && !IsInData;
    }

    /// <summary>What may be taken in one piece: of the data, or of the padding behind it.</summary>
    public int PieceLeft => DataLeft > 0 ? DataLeft : _padding;

    /// <summary>The data's last byte is the response's, but for padding.</summary>
    public bool IsLastOfData => _dataEndsStream && DataLeft == 0;

    private int Decode(HeaderList headers, int headersMax, bool isTrailers)
    {
        var head = new Http2ResponseHead(headers, headersMax, isTrailers);
        try
        {
            _hpack.Decode(_block.Bytes, head);
        }
        catch (HpackException e)
        {
            throw Fault(e.Fault switch
            {
                HpackFault.Index => $"upstream sent invalid http2 table index: {e.Number}",
                HpackFault.TableSize => $"upstream sent invalid http2 dynamic table size update: {e.Number}",
                HpackFault.Number => "upstream sent too large http2 header value length",
                HpackFault.Huffman => "upstream sent invalid encoded header",
                _ => "upstream sent truncated http2 header",
            });
        }
        finally
        {
            _block.Clear();
        }
        head.End();
        return head.Status;
    }

    private static int PaddingOf(byte padding, int room) => padding <= room ? padding
        : throw Fault($"upstream sent http2 frame with too long padding: {padding} in frame {room}");

    private static Http2ConnectionException Fault(string words) => new(Http2ErrorCode.ProtocolError, words);
}
