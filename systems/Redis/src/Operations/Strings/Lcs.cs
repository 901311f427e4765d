namespace Microcosm.Redis;

/// <summary>LCS: the longest common subsequence of two strings, by dynamic programming over one table of lengths.</summary>
internal static class Lcs
{
    [RedisCommand("LCS", -3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 2, KeyStep = 1, Since = "7.0.0", Group = "string",
        Summary = "Find longest common substring", Complexity = "O(N*M)",
        Syntax = "key1:key key2:key [LEN] [IDX] [MINMATCHLEN len:integer] [WITHMATCHLEN]",
        Keys = "RO access @1 1/1/0")]
    public static void Execute(ref RedisCall call)
    {
        bool wantLength = false, wantIndexes = false, wantMatchLength = false;
        long minimum = 0;
        for (var i = 3; i < call.Count; i++)
        {
            if (call.Is(i, "LEN"u8))
                wantLength = true;
            else if (call.Is(i, "IDX"u8))
                wantIndexes = true;
            else if (call.Is(i, "WITHMATCHLEN"u8))
                wantMatchLength = true;
            else if (call.Is(i, "MINMATCHLEN"u8) && i + 1 < call.Count)
            {
                if (!call.TryInteger(++i, out minimum))
                    return;
                minimum = Math.Max(minimum, 0);
            }
            else
            {
                call.SyntaxError();
                return;
            }
        }
        if (wantLength && wantIndexes)
        {
            call.Reply.Error("ERR If you want both the length and indexes, please just use IDX.");
            return;
        }
        var a = call.Db.Read(call[1]);
        var b = call.Db.Read(call[2]);
        if ((a.Exists && !a.IsString) || (b.Exists && !b.IsString))
        {
            call.Reply.Error("ERR The specified keys must contain string values");
            return;
        }
        var left = a.IsMissing ? [] : a.StringValue.ToArray();
        var right = b.IsMissing ? [] : b.StringValue.ToArray();
        if (((long)left.Length + 1) * (right.Length + 1) * 4 > int.MaxValue)
        {
            call.Reply.Error("ERR String too long for LCS");
            return;
        }
        var table = Table(left, right);
        if (wantIndexes)
            ReplyIndexes(ref call, left, right, table, (int)minimum, wantMatchLength);
        else if (wantLength)
            call.Reply.Integer(table[left.Length, right.Length]);
        else
            call.Reply.Bulk(Subsequence(left, right, table));
    }

    private static int[,] Table(byte[] a, byte[] b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
                table[i, j] = a[i - 1] == b[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
        }
        return table;
    }

    private static byte[] Subsequence(byte[] a, byte[] b, int[,] table)
    {
        var result = new byte[table[a.Length, b.Length]];
        for (int i = a.Length, j = b.Length, at = result.Length; at > 0;)
        {
            if (a[i - 1] == b[j - 1])
            {
                result[--at] = a[i - 1];
                i--;
                j--;
            }
            else if (table[i - 1, j] > table[i, j - 1])
            {
                i--;
            }
            else
            {
                j--;
            }
        }
        return result;
    }

    private static void ReplyIndexes(ref RedisCall call, byte[] a, byte[] b, int[,] table, int minimum, bool withLength)
    {
        var matches = new List<(int A, int B, int Length)>();
        int i = a.Length, j = b.Length;
        while (i > 0 && j > 0)
        {
            if (a[i - 1] != b[j - 1])
            {
                if (table[i - 1, j] > table[i, j - 1])
                    i--;
                else
                    j--;
                continue;
            }
            var length = 0;
            while (i > 0 && j > 0 && a[i - 1] == b[j - 1])
            {
                i--;
                j--;
                length++;
            }
            if (length >= minimum)
                matches.Add((i, j, length));
        }
        call.Reply.Map(2);
        call.Reply.Bulk("matches"u8);
        call.Reply.Array(matches.Count);
        foreach (var (atA, atB, length) in matches)
        {
            call.Reply.Array(withLength ? 3 : 2);
            Range(ref call, atA, length);
            Range(ref call, atB, length);
            if (withLength)
                call.Reply.Integer(length);
        }
        call.Reply.Bulk("len"u8);
        call.Reply.Integer(table[a.Length, b.Length]);
    }

    private static void Range(ref RedisCall call, int start, int length)
    {
        call.Reply.Array(2);
        call.Reply.Integer(start);
        call.Reply.Integer(start + length - 1);
    }
}
