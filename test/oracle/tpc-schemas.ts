// Tables of TPC-H and TPC-DS as DDL. Written short: a table, its columns' prefix, then runs of columns of one type;
// a line that begins with spaces goes on.
// Source: the specifications of the two benchmarks; types as Spark's own runs of them have them.

const TYPES: Record<string, string> = {
  i: 'INT',
  l: 'BIGINT',
  m: 'DECIMAL(7,2)',
  g: 'DECIMAL(5,2)',
  c: 'DECIMAL(15,2)',
  d: 'DATE',
  s: 'STRING',
  q: 'DECIMAL(12,2)',
};
const ADDRESS = 's street_number street_name street_type suite_number city county state zip country; g gmt_offset';
const AMOUNTS =
  'wholesale_cost list_price sales_price ext_discount_amt ext_sales_price ext_wholesale_cost ext_list_price ext_tax coupon_amt';

const TPCH = `
part p_: l partkey; s name mfgr brand type; i size; s container; q retailprice; s comment
supplier s_: l suppkey; s name address; l nationkey; s phone; q acctbal; s comment
partsupp ps_: l partkey suppkey; i availqty; q supplycost; s comment
customer c_: l custkey; s name address; l nationkey; s phone; q acctbal; s mktsegment comment
orders o_: l orderkey custkey; s orderstatus; q totalprice; d orderdate; s orderpriority clerk; i shippriority; s comment
lineitem l_: l orderkey partkey suppkey; i linenumber; q quantity extendedprice discount tax; s returnflag linestatus; d shipdate commitdate receiptdate; s
  shipinstruct shipmode comment
nation n_: l nationkey; s name; l regionkey; s comment
region r_: l regionkey; s name comment`;

const TPCDS = `
store_sales ss_: i sold_date_sk sold_time_sk item_sk customer_sk cdemo_sk hdemo_sk addr_sk store_sk promo_sk ticket_number quantity; m ${AMOUNTS} net_paid
  net_paid_inc_tax net_profit
store_returns sr_: l returned_date_sk return_time_sk item_sk customer_sk cdemo_sk hdemo_sk addr_sk store_sk reason_sk ticket_number; i return_quantity; m
  return_amt return_tax return_amt_inc_tax fee return_ship_cost refunded_cash reversed_charge store_credit net_loss
catalog_sales cs_: i sold_date_sk sold_time_sk ship_date_sk bill_customer_sk bill_cdemo_sk bill_hdemo_sk bill_addr_sk ship_customer_sk ship_cdemo_sk
  ship_hdemo_sk ship_addr_sk call_center_sk catalog_page_sk ship_mode_sk warehouse_sk item_sk promo_sk order_number quantity; m ${AMOUNTS} ext_ship_cost
  net_paid net_paid_inc_tax net_paid_inc_ship net_paid_inc_ship_tax net_profit
catalog_returns cr_: i returned_date_sk returned_time_sk item_sk refunded_customer_sk refunded_cdemo_sk refunded_hdemo_sk refunded_addr_sk
  returning_customer_sk returning_cdemo_sk returning_hdemo_sk returning_addr_sk call_center_sk catalog_page_sk ship_mode_sk warehouse_sk reason_sk
  order_number return_quantity; m return_amount return_tax return_amt_inc_tax fee return_ship_cost refunded_cash reversed_charge store_credit net_loss
web_sales ws_: i sold_date_sk sold_time_sk ship_date_sk item_sk bill_customer_sk bill_cdemo_sk bill_hdemo_sk bill_addr_sk ship_customer_sk ship_cdemo_sk
  ship_hdemo_sk ship_addr_sk web_page_sk web_site_sk ship_mode_sk warehouse_sk promo_sk order_number quantity; m ${AMOUNTS} ext_ship_cost net_paid
  net_paid_inc_tax net_paid_inc_ship net_paid_inc_ship_tax net_profit
web_returns wr_: l returned_date_sk returned_time_sk item_sk refunded_customer_sk refunded_cdemo_sk refunded_hdemo_sk refunded_addr_sk returning_customer_sk
  returning_cdemo_sk returning_hdemo_sk returning_addr_sk web_page_sk reason_sk order_number; i return_quantity; m return_amt return_tax return_amt_inc_tax
  fee return_ship_cost refunded_cash reversed_charge account_credit net_loss
inventory inv_: i date_sk item_sk warehouse_sk quantity_on_hand
store s_: i store_sk; s store_id; d rec_start_date rec_end_date; i closed_date_sk; s store_name; i number_employees floor_space; s hours manager; i
  market_id; s geography_class market_desc market_manager; i division_id; s division_name; i company_id; s company_name; ${ADDRESS} tax_percentage
call_center cc_: i call_center_sk; s call_center_id; d rec_start_date rec_end_date; i closed_date_sk open_date_sk; s name class; i employees sq_ft; s hours
  manager; i mkt_id; s mkt_class mkt_desc market_manager; i division; s division_name; i company; s company_name; ${ADDRESS} tax_percentage
catalog_page cp_: i catalog_page_sk; s catalog_page_id; i start_date_sk end_date_sk; s department; i catalog_number catalog_page_number; s description type
web_site web_: i site_sk; s site_id; d rec_start_date rec_end_date; s name; i open_date_sk close_date_sk; s class manager; i mkt_id; s mkt_class mkt_desc
  market_manager; i company_id; s company_name; ${ADDRESS} tax_percentage
web_page wp_: i web_page_sk; s web_page_id; d rec_start_date rec_end_date; i creation_date_sk access_date_sk; s autogen_flag; i customer_sk; s url type; i
  char_count link_count image_count max_ad_count
warehouse w_: i warehouse_sk; s warehouse_id warehouse_name; i warehouse_sq_ft; ${ADDRESS}
customer c_: i customer_sk; s customer_id; i current_cdemo_sk current_hdemo_sk current_addr_sk first_shipto_date_sk first_sales_date_sk; s salutation
  first_name last_name preferred_cust_flag; i birth_day birth_month birth_year; s birth_country login email_address; i last_review_date
customer_address ca_: i address_sk; s address_id; ${ADDRESS}; s location_type
customer_demographics cd_: i demo_sk; s gender marital_status education_status; i purchase_estimate; s credit_rating; i dep_count dep_employed_count
  dep_college_count
date_dim d_: i date_sk; s date_id; d date; i month_seq week_seq quarter_seq year dow moy dom qoy fy_year fy_quarter_seq fy_week_seq; s day_name quarter_name
  holiday weekend following_holiday; i first_dom last_dom same_day_ly same_day_lq; s current_day current_week current_month current_quarter current_year
household_demographics hd_: i demo_sk income_band_sk; s buy_potential; i dep_count vehicle_count
item i_: i item_sk; s item_id; d rec_start_date rec_end_date; s item_desc; m current_price wholesale_cost; i brand_id; s brand; i class_id; s class; i
  category_id; s category; i manufact_id; s manufact size formulation color units container; i manager_id; s product_name
income_band ib_: i income_band_sk lower_bound upper_bound
promotion p_: i promo_sk; s promo_id; i start_date_sk end_date_sk item_sk; c cost; i response_target; s promo_name channel_dmail channel_email
  channel_catalog channel_tv channel_radio channel_press channel_event channel_demo channel_details purpose discount_active
reason r_: i reason_sk; s reason_id reason_desc
ship_mode sm_: i ship_mode_sk; s ship_mode_id type code carrier contract
time_dim t_: i time_sk; s time_id; i time hour minute second; s am_pm shift sub_shift meal_time`;

function tablesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .trim()
      .replaceAll('\n  ', ' ')
      .split('\n')
      .map((line): [string, string] => {
        const [, table = '', prefix = '', runs = ''] = /^(\w+) (\w+): (.*)$/.exec(line)!;
        const columns = runs.split('; ').flatMap((run) => {
          const [type = '', ...names] = run.split(' ');
          return names.map((name) => `${prefix}${name} ${TYPES[type]}`);
        });
        return [table, columns.join(', ')];
      }),
  );
}

/** table → DDL of its columns */
export const TPCH_TABLES = tablesOf(TPCH);
export const TPCDS_TABLES = tablesOf(TPCDS);
