using System.Buffers;

namespace Microcosm.Http;

/// <summary>
/// Encodes header blocks (RFC 7541) with the static table and the Huffman code, as nginx does: the dynamic table stays empty, so that a
/// block needs nothing to be known of those before it, and its size on the peer's side does not matter.
/// </summary>
internal static class HpackEncoder
{
    private const byte Indexed = 0x80;
    private const byte Huffman = 0x80;
    private const byte NeverIndexed = 0x10;

    /// <summary>Appends one field. Names are in lower case.</summary>
    /// <param name="isSensitive">Nobody on the way may put it into a table (RFC 7541 section 7.1.3).</param>
    public static void Encode(IBufferWriter<byte> to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isSensitive = false)
    {
        var (nameIndex, both) = HpackStaticTable.Find(name, value);
        if (both > 0 && !isSensitive)
        {
            to.Advance(HpackInteger.Write(to.GetSpan(HpackInteger.BytesMax), Indexed, 7, both));
            return;
        }
        to.Advance(HpackInteger.Write(to.GetSpan(HpackInteger.BytesMax), isSensitive ? NeverIndexed : (byte)0, 4, nameIndex));
        if (nameIndex == 0)
            EncodeString(to, name);
        EncodeString(to, value);
    }

    private static void EncodeString(IBufferWriter<byte> to, ReadOnlySpan<byte> text)
    {
        var length = HuffmanCode.EncodedLength(text);
        var isShorter = length < text.Length;
        if (!isShorter)
            length = text.Length;
        var span = to.GetSpan(HpackInteger.BytesMax + length);
        var at = HpackInteger.Write(span, isShorter ? Huffman : (byte)0, 7, length);
        if (isShorter)
            HuffmanCode.Encode(text, span.Slice(at, length));
        else
            text.CopyTo(span[at..]);
        to.Advance(at + length);
    }
}
