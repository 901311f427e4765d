using System.Text;

namespace Microcosm.Kafka;

/// <summary>Reads one item of a list.</summary>
internal delegate T FieldReader<out T>(ref MessageReader reader);

/// <summary>
/// What commands and the saved state have beside the protocol's own types. Readers throw <see cref="KafkaFormatException"/>.
/// </summary>
internal static class MetadataFields
{
    public static void WriteByte(this MessageWriter writer, byte value) => writer.WriteInt8((sbyte)value);

    public static void WriteList<T>(this MessageWriter writer, IReadOnlyCollection<T> items, Action<MessageWriter, T> write)
    {
        writer.WriteCount(items.Count);
        foreach (var item in items)
            write(writer, item);
    }

    public static void WriteInts(this MessageWriter writer, IReadOnlyList<int> items) => writer.WriteList(items, (w, i) => w.WriteInt32(i));

    /// <summary>Text that the protocol's own strings have no room for, being made of several of them.</summary>
    public static void WriteLongString(this MessageWriter writer, string value) => writer.WriteBytes(Encoding.UTF8.GetBytes(value));

    public static string ReadLongString(this ref MessageReader reader) => Encoding.UTF8.GetString(reader.ReadBytes().Span);

    public static byte ReadByte(this ref MessageReader reader) => (byte)reader.ReadInt8();

    /// <summary>An enum of bytes with the values 0 to <paramref name="last"/>.</summary>
    public static byte ReadUpTo(this ref MessageReader reader, byte last) =>
        reader.ReadByte() is var value && value <= last ? value : throw new KafkaFormatException($"{value} is above {last}.");

    /// <summary>A list whose items have one byte at least, so that a count cannot ask for more than the bytes hold.</summary>
    public static List<T> ReadList<T>(this ref MessageReader reader, FieldReader<T> read)
    {
        var count = reader.ReadCount(elementBytesMin: 1);
        if (count < 0)
            throw new KafkaFormatException("A list is null that must not be.");
        var items = new List<T>(Math.Min(count, 1024));
        for (; count > 0; count--)
            items.Add(read(ref reader));
        return items;
    }

    public static int[] ReadInts(this ref MessageReader reader) => [.. reader.ReadList((ref r) => r.ReadInt32())];

    public static void ReadEnd(this ref MessageReader reader)
    {
        if (reader.Left > 0)
            throw new KafkaFormatException($"{reader.Left} bytes too many.");
    }
}
