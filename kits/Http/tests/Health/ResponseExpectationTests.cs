using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>What a response to a check has to be like.</summary>
public sealed class ResponseExpectationTests
{
    [Theory]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(399, true)]
    [InlineData(400, false)]
    public void A_status_of_2xx_or_3xx_is_a_success(int status, bool isMet) =>
        Assert.Equal(isMet, ResponseExpectation.Success.FaultOf(status, new HeaderList()) is null);

    [Fact]
    public void A_status_may_be_one_of_several_or_none_of_them()
    {
        var one = new StatusExpectation([(200, 204), (307, 307)]);
        Assert.Equal([true, true, false], new[] { 204, 307, 302 }.Select(one.IsMet));
        var none = one with { IsNegated = true };
        Assert.Equal([false, false, true], new[] { 204, 307, 302 }.Select(none.IsMet));
    }

    [Theory]
    [InlineData("present", true)]
    [InlineData("PRESENT", true)]
    [InlineData("missing", false)]
    public void A_field_is_there_or_not(string name, bool isThere)
    {
        Assert.Equal(isThere, new FieldExpectation(name).IsMet(Fields()));
        Assert.Equal(!isThere, new FieldExpectation(name, IsNegated: true).IsMet(Fields()));
    }

    [Theory]
    [InlineData("present", "two", true)]
    [InlineData("present", "three", false)]
    [InlineData("missing", "two", false)]
    public void Of_fields_of_a_name_one_has_the_value_or_none_has(string name, string value, bool isThere)
    {
        BytesTest test = bytes => Encoding.Latin1.GetString(bytes) == value;
        Assert.Equal(isThere, new FieldExpectation(name, test).IsMet(Fields()));
        Assert.Equal(!isThere, new FieldExpectation(name, test, IsNegated: true).IsMet(Fields()));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var wants = ResponseExpectation.Success with
        {
            Fields = [new FieldExpectation("missing")], Body = [bytes => bytes.IndexOf("ok"u8) >= 0],
        };
        Assert.Equal("status code", wants.FaultOf(500, Fields()));
        Assert.Equal("header \"missing\"", wants.FaultOf(200, Fields()));
        Assert.Equal("body", wants.FaultOf("no"u8));
        Assert.Null(wants.FaultOf("it is ok"u8));
    }

    private static HeaderList Fields()
    {
        var fields = new HeaderList();
        fields.Add("Present"u8, "one"u8);
        fields.Add("present"u8, "two"u8);
        return fields;
    }
}
