using System.Buffers;

namespace Microcosm.Http;

/// <summary>
/// Decodes the header blocks of one direction of a connection (RFC 7541). Bounded: a block's fields are not kept, and the dynamic table has
/// the size that was announced in SETTINGS_HEADER_TABLE_SIZE.
/// </summary>
internal sealed class HpackDecoder
{
    private const byte Indexed = 0x80;
    private const byte WithIndexing = 0x40;
    private const byte SizeUpdate = 0x20;
    private const byte Huffman = 0x80;

    private readonly int _tableBytesMax;
    private readonly HpackDynamicTable _table;

    /// <param name="tableBytesMax">SETTINGS_HEADER_TABLE_SIZE as the peer knows it.</param>
    public HpackDecoder(int tableBytesMax = 4096) => (_tableBytesMax, _table) = (tableBytesMax, new HpackDynamicTable(tableBytesMax));

    /// <summary>Gives the fields of a whole block to <paramref name="sink"/>. Throws <see cref="HpackException"/>; what the sink was given
    /// before is void then.</summary>
    public void Decode(ReadOnlySpan<byte> block, IHeaderSink sink)
    {
        // Both at once may be in the Huffman code.
        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(256, HuffmanCode.DecodedLengthMax(block.Length)));
        try
        {
            var (at, isFirst) = (0, true);
            while (at < block.Length)
            {
                var first = block[at];
                if ((first & (Indexed | WithIndexing | SizeUpdate)) == SizeUpdate)
                {
                    ResizeTable(HpackInteger.Read(block, ref at, 5), isFirst);
                    continue;
                }
                isFirst = false;
                if ((first & Indexed) != 0)
                {
                    Get(HpackInteger.Read(block, ref at, 7), out var known, out var knownValue);
                    sink.OnHeader(known, knownValue);
                    continue;
                }
                DecodeLiteral(block, ref at, (first & WithIndexing) != 0, scratch, sink);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private void DecodeLiteral(ReadOnlySpan<byte> block, ref int at, bool isAdded, Span<byte> scratch, IHeaderSink sink)
    {
        var index = HpackInteger.Read(block, ref at, isAdded ? 6 : 4);
        ReadOnlySpan<byte> name;
        if (index > 0)
            Get(index, out name, out _);
        else
            name = ReadString(block, ref at, ref scratch);
        var value = ReadString(block, ref at, ref scratch);
        sink.OnHeader(name, value);
        if (isAdded)
            _table.Add(name, value);
    }

    private void ResizeTable(int size, bool isFirst)
    {
        if (!isFirst)
            throw new HpackException(HpackFault.TableSize, "the table's size changes within a block", size);
        if (size > _tableBytesMax)
            throw new HpackException(HpackFault.TableSize, $"a table of {size} bytes, where {_tableBytesMax} were allowed", size);
        _table.Resize(size);
    }

    private void Get(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (index < 1 || index > HpackStaticTable.Count + _table.Count)
            throw new HpackException(HpackFault.Index, $"no header has the index {index}", index);
        if (index > HpackStaticTable.Count)
        {
            _table.Get(index - HpackStaticTable.Count - 1, out name, out value);
            return;
        }
        var entry = HpackStaticTable.Get(index);
        name = entry.Name;
        value = entry.Value;
    }

    private static ReadOnlySpan<byte> ReadString(ReadOnlySpan<byte> block, scoped ref int at, scoped ref Span<byte> scratch)
    {
        if (at == block.Length)
            throw new HpackException(HpackFault.CutOff, "a string is missing");
        var isHuffman = (block[at] & Huffman) != 0;
        var length = HpackInteger.Read(block, ref at, 7);
        if (length > block.Length - at)
            throw new HpackException(HpackFault.CutOff, "a string is cut off");
        var bytes = block.Slice(at, length);
        at += length;
        if (!isHuffman)
            return bytes;
        var decoded = HuffmanCode.Decode(bytes, scratch);
        if (decoded < 0)
            throw new HpackException(HpackFault.Huffman, "a string is not in the Huffman code");
        bytes = scratch[..decoded];
        scratch = scratch[decoded..];
        return bytes;
    }
}
