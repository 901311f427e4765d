using System.Buffers.Binary;

namespace Microcosm.Redis;

/// <summary>PFSELFTEST: the registers hold what they are given, and estimates stay within the error that is promised.</summary>
internal static class PfSelfTest
{
    private const int Rounds = 20;
    private const int ElementsMax = 1_000_000;

    // The standard error of 16,384 registers.
    private static readonly double StandardError = 1.04 / Math.Sqrt(HyperLogLog.Registers);

    [RedisCommand("PFSELFTEST", 1, Flags = RedisCommandFlags.Admin, Since = "2.8.9", Group = "hyperloglog",
        Summary = "An internal command for testing HyperLogLog values", Complexity = "N/A")]
    public static void Execute(ref RedisCall call)
    {
        if (RegistersProblem(call.Server.Random) is { } lost)
            call.Reply.Error("TESTFAILED " + lost);
        else if (EstimateProblem(call.Server.Random.NextUInt64()) is { } wrong)
            call.Reply.Error("TESTFAILED " + wrong);
        else
            call.Reply.Ok();
    }

    private static string? RegistersProblem(Microcosm.Runtime.RandomStream random)
    {
        var (given, read) = (new byte[HyperLogLog.Registers], new byte[HyperLogLog.Registers]);
        for (var round = 0; round < Rounds; round++)
        {
            random.NextBytes(given);
            // Dense registers take six bits, sparse ones values up to 32.
            var sparse = round % 2 == 1;
            for (var i = 0; i < given.Length; i++)
                given[i] = (byte)(given[i] & (sparse ? 31 : 63));
            var bytes = HyperLogLog.Write(given, int.MaxValue, sparse);
            if (HyperLogLog.IsSparse(bytes) != sparse || !HyperLogLog.TryRead(bytes, read) || !given.AsSpan().SequenceEqual(read))
                return $"registers of round {round} are not what was written";
        }
        return null;
    }

    private static string? EstimateProblem(ulong seed)
    {
        var registers = new byte[HyperLogLog.Registers];
        Span<byte> element = stackalloc byte[8];
        var checkpoint = 1;
        for (var added = 1; added <= ElementsMax; added++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(element, (ulong)added ^ seed);
            var (index, rank) = HyperLogLog.Place(element);
            registers[index] = Math.Max(registers[index], rank);
            if (added != checkpoint)
                continue;
            var estimate = HyperLogLog.Count(registers);
            // Six standard errors; small sets are all but exact.
            var allowed = added <= 10 ? 1 : Math.Ceiling(StandardError * 6 * added);
            if (Math.Abs(estimate - added) > allowed)
                return $"Too big error. card:{added} abserr:{Math.Abs(estimate - added)}";
            checkpoint *= 10;
        }
        return null;
    }
}
