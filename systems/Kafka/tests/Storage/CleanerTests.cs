using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Compaction: of each key the last value is kept.</summary>
public sealed class CleanerTests
{
    private static readonly LogSettings Compacted = new()
    {
        IsCompacted = true, IsDeleted = false, SegmentBytes = 400, MinCleanableDirtyRatio = 0.01, DeleteRetentionMs = 1_000,
    };

    [Fact]
    public async Task The_last_value_of_a_key_is_kept_at_its_offset()
    {
        var test = await TestLog.OpenAsync(Compacted);
        for (var i = 0; i < 60; i++)
            test.Put(Batch.Keyed(i, $"k{i % 5}={i}"));
        var active = test.Log.ActiveSegmentBaseOffset;
        Assert.True(await CleanAsync(test));
        var records = test.Records();
        var expected = Enumerable.Range(0, 60).Where(i => i >= active || (i + 5 >= active && i < active)).Select(i => $"{i}:k{i % 5}={i}");
        Assert.Equal(expected, records);
        Assert.Equal(60, test.Log.LogEndOffset);
        // An offset that is gone leads to the next that is there.
        Assert.Equal(records[0], Batch.Read(test.Log.Read(3, 1, 99, true).Records)[0]);
        Assert.False(await CleanAsync(test));
        await test.CrashAsync();
        Assert.Equal(records, test.Records());
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Assert.Equal(records, test.Records());
        Assert.Equal(active, test.Log.FirstDirtyOffset);
    }

    [Fact]
    public async Task Small_segments_are_joined()
    {
        var test = await TestLog.OpenAsync(Compacted);
        for (var i = 0; i < 200; i++)
            test.Put(Batch.Keyed(i, $"same={i}"));
        var before = test.Log.SegmentCount;
        for (var i = 0; i < 3; i++)
        {
            await CleanAsync(test);
            for (var more = 0; more < 10; more++)
                test.Put(Batch.Keyed(i, $"same={i}"));
        }
        Assert.True(test.Log.SegmentCount < before / 3, $"{before} segments became {test.Log.SegmentCount}");
    }

    [Fact]
    public async Task A_tombstone_stays_until_every_reader_has_had_time_to_see_it()
    {
        var test = await TestLog.OpenAsync(Compacted);
        test.Put(Batch.Keyed(1, "a=1"));
        test.Put(Batch.Keyed(1, "a"));
        Fill(test, "x");
        Assert.True(await CleanAsync(test));
        Assert.Equal("1:a", test.Records()[0]);
        test.Clock.Advance(999);
        Fill(test, "y");
        Assert.True(await CleanAsync(test));
        Assert.Equal("1:a", test.Records()[0]);
        await test.CrashAsync();
        test.Clock.Advance(1);
        Fill(test, "z");
        Assert.True(await CleanAsync(test));
        Assert.DoesNotContain("1:a", test.Records());
    }

    [Fact]
    public async Task Timestamps_survive_the_delete_horizon()
    {
        var test = await TestLog.OpenAsync(Compacted);
        var builder = new RecordBatchBuilder { Compression = CompressionType.Lz4 };
        builder.Add(50, "a"u8.ToArray(), "1"u8.ToArray(), [new RecordHeader("h", [7])]);
        builder.Add(70, "b"u8.ToArray(), null);
        builder.Add(60, "c"u8.ToArray(), "3"u8.ToArray());
        test.Put(builder.Build());
        Fill(test, "x");
        await CleanAsync(test);
        Assert.True(RecordBatch.TryRead(test.Log.Read(0, 1, 99, true).Records.Span, out var batch) && batch.CheckCrc());
        Assert.Equal((1_000_000 + 1_000L, 70L, CompressionType.Lz4), (batch.DeleteHorizonMs, batch.MaxTimestamp, batch.Compression));
        using var reader = RecordReader.Open(batch);
        List<string> records = [];
        while (reader.TryRead(out var record))
            records.Add($"{record.Offset} {Encoding.UTF8.GetString(record.Key)} {record.Timestamp} {record.ReadHeaders().Count}");
        Assert.Equal(["0 a 50 1", "1 b 70 0", "2 c 60 0"], records);
    }

    [Fact]
    public async Task Too_little_dirt_is_left_until_it_is_overdue()
    {
        var test = await TestLog.OpenAsync(Compacted with { MinCleanableDirtyRatio = 0.5 });
        for (var i = 0; i < 40; i++)
            test.Put(Batch.Keyed(test.NowMs, $"k{i}={i}"));
        Assert.True(await CleanAsync(test));
        Fill(test, "x");
        Assert.InRange(test.Log.DirtyRatio(test.NowMs, 99), 0.01, 0.49);
        Assert.False(await CleanAsync(test));
        test.Log.UpdateSettings(test.Log.Settings with { MaxCompactionLagMs = 500 });
        test.Clock.Advance(500);
        Assert.False(await CleanAsync(test));
        test.Clock.Advance(1);
        Assert.True(await CleanAsync(test));
    }

    [Fact]
    public async Task Young_segments_and_what_is_not_stable_are_left()
    {
        var test = await TestLog.OpenAsync(Compacted with { MinCompactionLagMs = 100 });
        for (var i = 0; i < 30; i++)
            test.Put(Batch.Keyed(test.NowMs, $"k={i}"));
        Assert.False(await CleanAsync(test));
        test.Clock.Advance(100);
        Assert.False(await test.Log.CompactAsync(test.NowMs, highWatermark: 1));
        Assert.Equal(30, test.Records().Count);
        Assert.True(await CleanAsync(test));
        Assert.True(test.Records().Count < 10);
    }

    [Fact]
    public async Task An_open_transaction_ends_what_is_cleaned()
    {
        var test = await TestLog.OpenAsync(Compacted);
        Fill(test, "k");
        test.Put(Batch.Produced(1, 0, 0, 1, isTransactional: true));
        var first = test.Log.LogEndOffset - 1;
        for (var i = 0; i < 30; i++)
            test.Put(Batch.Keyed(1, $"k={i}"));
        await CleanAsync(test);
        Assert.InRange(test.Log.FirstDirtyOffset, 1, first);
        Assert.Equal(31, test.Records(first).Count);
    }

    [Fact]
    public async Task What_was_aborted_goes_and_its_marker_after_it()
    {
        var test = await TestLog.OpenAsync(Compacted);
        test.Put(Batch.Keyed(1, "p1=old")); // 0
        test.Put(Batch.Produced(1, 0, 1, 1, isTransactional: true)); // 1: p1=1
        test.Put(Batch.Marker(1, 0, isCommit: false), origin: AppendOrigin.Coordinator); // 2
        test.Put(Batch.Produced(1, 0, 2, 1, isTransactional: true)); // 3: p1=2
        test.Put(Batch.Marker(1, 0, isCommit: false), origin: AppendOrigin.Coordinator); // 4
        Fill(test, "x");
        await CleanAsync(test);
        // The old value stands again; the last batch of the producer stays, empty, and with it its marker.
        Assert.Equal(["0:p1=old", "2:marker", "4:marker"], test.Records().Take(3));
        Assert.Equal([1L, 3L], test.Log.AbortedBetween(0, 5).Select(a => a.FirstOffset));
        Fill(test, "y");
        await CleanAsync(test);
        Assert.Equal([3L], test.Log.AbortedBetween(0, 5).Select(a => a.FirstOffset));
        test.Clock.Advance(1_000);
        Fill(test, "z");
        await CleanAsync(test);
        Assert.Equal(["0:p1=old", "4:marker"], test.Records().Take(2));
        var empty = test.Log.Read(3, 1, 99, true).Records;
        Assert.True(RecordBatch.TryRead(empty.Span, out var batch) && batch.CheckCrc());
        Assert.Equal((3L, 3L, 0, 2), (batch.BaseOffset, batch.LastOffset, batch.Count, batch.LastSequence));
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Assert.Equal(KafkaError.None, test.Append(Batch.Produced(1, 0, 3, 1, isTransactional: true)).Error);
    }

    [Fact]
    public void A_cut_while_it_is_cleaned_ends_the_cleaning() => OneThread.Run(async () =>
    {
        var test = await TestLog.OpenAsync(Compacted with { SegmentBytes = 1 << 20, MaxMessageBytes = 1 << 20 });
        var value = new string('v', 300_000);
        for (var i = 0; i < 12; i++)
            test.Put(Batch.Keyed(1, $"k={value}{i}"));
        var cleaning = CleanAsync(test);
        await test.Log.TruncateToAsync(5);
        Assert.False(await cleaning);
        Assert.Equal(5, test.Records().Count);
        Assert.DoesNotContain(test.Disk.List(""), n => n.EndsWith(".cleaned", StringComparison.Ordinal));
    });

    /// <summary>Random values and tombstones, codecs, batches, cleanings and restarts: what a reader of all of it ends up with is what a
    /// dictionary has.</summary>
    [Fact]
    public async Task A_cleaned_log_tells_what_a_dictionary_has()
    {
        var cleanings = 0;
        for (ulong seed = 1; seed <= 300; seed++)
            cleanings += await RunAsync(seed);
        Assert.True(cleanings > 1_000, $"{cleanings}");
    }

    private static async Task<int> RunAsync(ulong seed)
    {
        var random = new RandomStream(seed);
        var test = await TestLog.OpenAsync(Compacted with
        {
            SegmentBytes = 200 + random.Next(600), IndexIntervalBytes = random.Next(300), DeleteRetentionMs = random.Next(50),
            CleanerKeysMax = random.Chance(0.3) ? 1 + random.Next(6) : 1_000,
        });
        var (model, cleanings, offsets) = (new Dictionary<string, string>(), 0, new Dictionary<long, string>());
        for (var step = 0; step < 60; step++)
        {
            test.Clock.Advance(random.Next(20));
            Put(test, random, model, offsets);
            if (random.Chance(0.2))
                cleanings += await CleanAsync(test) ? 1 : 0;
            if (random.Chance(0.05))
                await test.Log.CloseAsync();
            else if (random.Chance(0.05))
                await test.Log.SyncAsync();
            else
                continue;
            await test.CrashAsync(random.NextUInt64());
        }
        var found = new Dictionary<string, string>();
        var last = -1L;
        foreach (var record in test.Records())
        {
            var (offset, text) = (long.Parse(record[..record.IndexOf(':')]), record[(record.IndexOf(':') + 1)..]);
            Assert.True(offset > last && offsets[offset] == text, $"seed {seed}: {record}");
            last = offset;
            if (text.Contains('='))
                found[text.Split('=')[0]] = text.Split('=')[1];
            else
                found.Remove(text);
        }
        Assert.True(model.Count == found.Count && model.All(m => found[m.Key] == m.Value), $"seed {seed}");
        return cleanings;
    }

    private static void Put(TestLog test, RandomStream random, Dictionary<string, string> model, Dictionary<long, string> offsets)
    {
        var records = new string[1 + random.Next(4)];
        for (var i = 0; i < records.Length; i++)
        {
            var key = random.Chance(0.2) ? $"a longer key than sixteen bytes, {random.Next(8)}" : $"k{random.Next(8)}";
            offsets[test.Log.LogEndOffset + i] = records[i] = random.Chance(0.25) ? key : $"{key}={random.Next(1_000)}";
            if (records[i] == key)
                model.Remove(key);
            else
                model[key] = records[i].Split('=')[1];
        }
        test.Put(Batch.Keyed(new RecordBatchBuilder { Compression = (CompressionType)random.Next(5) }, test.NowMs, records));
    }

    private static Task<bool> CleanAsync(TestLog test)
    {
        test.Log.OnHighWatermark(test.Log.LogEndOffset);
        return test.Log.CompactAsync(test.NowMs, test.Log.LogEndOffset).AsTask();
    }

    // A segment's worth of other keys, so that what was before is no longer in the active one.
    private static void Fill(TestLog test, string key)
    {
        for (var segments = test.Log.SegmentCount; test.Log.SegmentCount < segments + 1 || test.Log.State.Active.Size < 200;)
            test.Put(Batch.Keyed(test.NowMs, $"{key}{test.Log.LogEndOffset}=1"));
    }
}
