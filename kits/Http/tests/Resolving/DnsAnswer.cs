using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Answers of a name server, byte for byte.</summary>
internal static class DnsAnswer
{
    /// <summary>What is asked for: <c>A a.test</c>.</summary>
    public static string QuestionOf(ReadOnlySpan<byte> question)
    {
        var (name, at) = (new StringBuilder(), 12);
        while (question[at] != 0)
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.Latin1.GetString(question.Slice(at + 1, question[at])));
            at += 1 + question[at];
        }
        return $"{(DnsType)BinaryPrimitives.ReadUInt16BigEndian(question[(at + 1)..])} {name}";
    }

    /// <summary>Answers a question with records: <c>A 60 10.0.0.1</c>, <c>CName 60 b.test</c>, <c>Srv 60 1 5 80 b.test</c>.</summary>
    public static byte[] To(ReadOnlySpan<byte> question, string[] records, int code = 0, bool isTruncated = false)
    {
        var bytes = new List<byte>(question.ToArray());
        (bytes[2], bytes[3]) = ((byte)(isTruncated ? 0x83 : 0x81), (byte)(0x80 | code));
        bytes[7] = (byte)records.Length;
        foreach (var record in records)
        {
            var words = record.Split(' ');
            var type = Enum.Parse<DnsType>(words[0]);
            byte[] data = type switch
            {
                DnsType.CName => Name(words[2]),
                DnsType.Srv => [.. words[2..5].SelectMany(w => Number(int.Parse(w))), .. Name(words[5])],
                _ => IPAddress.Parse(words[2]).GetAddressBytes(),
            };
            bytes.AddRange([0xc0, 12, .. Number((int)type), 0, 1, 0, 0, .. Number(int.Parse(words[1])), .. Number(data.Length), .. data]);
        }
        return [.. bytes];
    }

    private static byte[] Number(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.Latin1.GetBytes(l)]), 0];
}
