using System.Text;

namespace ScimServer.Tests.Errors;

/// <summary>Bodies that are no JSON object, by what is wrong with them.</summary>
internal static class MalformedBodies
{
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["empty"] = [],
        ["blank"] = " \r\n\t"u8.ToArray(),
        ["brace"] = "{"u8.ToArray(),
        ["array"] = "[]"u8.ToArray(),
        ["string"] = "\"x\""u8.ToArray(),
        ["number"] = "5"u8.ToArray(),
        ["null"] = "null"u8.ToArray(),
        ["trailing comma"] = """{"schemas":[],}"""u8.ToArray(),
        ["comment"] = """{/*c*/"schemas":[]}"""u8.ToArray(),
        ["single quotes"] = "{'schemas':[]}"u8.ToArray(),
        ["invalid UTF-8"] = [.. "{\"userName\":\""u8, 0xff, 0xfe, .. "\"}"u8],
        ["bad escape"] = "{\"userName\":\"\\q\"}"u8.ToArray(),
        ["two objects"] = "{}{}"u8.ToArray(),
        ["XML"] = "<user/>"u8.ToArray(),
        ["deep objects"] = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000)),
        ["deep arrays"] = Encoding.ASCII.GetBytes("{\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}"),
        ["deep arrays alone"] = Encoding.ASCII.GetBytes(new string('[', 10_000) + new string(']', 10_000)),
        ["NaN"] = "{\"active\":NaN}"u8.ToArray(),
        ["duplicate names"] = """{"schemas":[],"schemas":[]}"""u8.ToArray(),
        ["control character"] = "{\"userName\":\"a\u0001b\"}"u8.ToArray(),
        ["form"] = "userName=a&active=true"u8.ToArray(),
    };
}
